namespace Rouse.Core;

/// <summary>Whether a session may be prompted now.</summary>
public abstract record GateVerdict
{
    private GateVerdict()
    {
    }

    public sealed record Open : GateVerdict;

    /// <param name="Reason">A stable word.</param>
    /// <param name="LookAfter">After how long time alone may open it; null when only a change of the session can.</param>
    public sealed record Closed(string Reason, TimeSpan? LookAfter) : GateVerdict;
}

/// <summary>
/// The rule that says whether a session may be prompted now, and if not, why not: a pure function of a fresh inspection. What cannot be read
/// is never judged here: it is closed before.
/// </summary>
public static class Gate
{
    public static GateVerdict Judge(Inspection inspection, Rules rules)
    {
        if (inspection.OpenQuestion is not null)
        {
            return Sabotage.PassesAnOpenQuestion ? new GateVerdict.Open() : new GateVerdict.Closed("open-question", LookAfter: null);
        }

        // A tool call left open in an idle session belonged to a process that has ended: it is dead and closes nothing.
        var tool = inspection.Activity == Activity.Working && inspection.Messages.LastOrDefault(m => m.Origin == MessageOrigin.Agent) is { ToolOpen: true };
        if (inspection.Activity == Activity.Working && !(tool && Sabotage.PassesAnOpenToolCall))
        {
            return new GateVerdict.Closed(inspection.Retrying is not null ? "retrying" : tool ? "open-tool-call" : "working", LookAfter: null);
        }

        if (inspection.PersonTyping && !Sabotage.PassesAPersonWhoIsTyping)
        {
            return new GateVerdict.Closed("person-typing", rules.PersonWindow);
        }

        var person = inspection.Messages.LastOrDefault(m => m.Origin == MessageOrigin.Person);
        if (person is not null && rules.PersonWindow > TimeSpan.Zero)
        {
            // A message that lies further ahead than the window was written by another clock, or before ours was set back: it must not close the gate
            // until the clocks agree.
            var ago = inspection.At - person.At;
            if ((Sabotage.BelievesAMessageFromTheFuture ? ago : ago.Duration()) <= rules.PersonWindow && !Sabotage.InterruptsAPerson)
            {
                return new GateVerdict.Closed("person-spoke", rules.PersonWindow - ago + TimeSpan.FromMilliseconds(1));
            }
        }

        return new GateVerdict.Open();
    }
}
