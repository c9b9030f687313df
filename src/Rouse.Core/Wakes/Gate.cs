namespace Rouse.Core;

/// <summary>Whether a session may be prompted now.</summary>
public abstract record GateVerdict
{
    private GateVerdict()
    {
    }

    public sealed record Open : GateVerdict;

    /// <param name="Reason">A stable word.</param>
    /// <param name="LookAgain">When time alone may open it; null when only a change of the session can.</param>
    public sealed record Closed(string Reason, DateTimeOffset? LookAgain) : GateVerdict;
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
            return new GateVerdict.Closed("open-question", LookAgain: null);
        }

        if (inspection.Activity == Activity.Working)
        {
            // A tool call left open in an idle session belonged to a process that has ended: it is dead and closes nothing.
            var tool = inspection.Messages.LastOrDefault(m => m.Origin == MessageOrigin.Agent) is { ToolOpen: true };
            return new GateVerdict.Closed(inspection.Retrying is not null ? "retrying" : tool ? "open-tool-call" : "working", LookAgain: null);
        }

        if (inspection.PersonTyping)
        {
            return new GateVerdict.Closed("person-typing", inspection.At + rules.PersonWindow);
        }

        var person = inspection.Messages.LastOrDefault(m => m.Origin == MessageOrigin.Person);
        if (person is not null && rules.PersonWindow > TimeSpan.Zero && inspection.At - person.At <= rules.PersonWindow)
        {
            return new GateVerdict.Closed("person-spoke", person.At + rules.PersonWindow + TimeSpan.FromMilliseconds(1));
        }

        return new GateVerdict.Open();
    }
}
