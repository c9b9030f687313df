namespace Rouse.Core;

/// <summary>What a look at a session says about an admitted wake: consumed is a turn with output that began after the wake's message.</summary>
public abstract record WakeVerdict
{
    private WakeVerdict()
    {
    }

    public sealed record Consumed : WakeVerdict;

    public sealed record Working : WakeVerdict;

    /// <summary>Idle, and nothing of the agent's follows the message: it is stored and was never run.</summary>
    public sealed record NotBegun : WakeVerdict;

    /// <summary>Idle, and the turn after the message ended empty or in error.</summary>
    public sealed record Fruitless(string Reason) : WakeVerdict;

    public static WakeVerdict Judge(Inspection inspection, Wake wake)
    {
        var messages = inspection.Messages;
        var own = -1;
        var newest = -1;
        var newestKey = wake.Nudged ? wake.NudgeKey : wake.Key;
        for (var i = 0; i < messages.Length; i++)
        {
            own = messages[i].Key == wake.Key ? i : own;
            newest = messages[i].Key == newestKey ? i : newest;
        }

        if (own < 0 && newest < 0)
        {
            // The message is out of sight, cut off or taken back: what is older than its admission says nothing of it.
            var admitted = wake.Receipt.Last(s => s.Step == "admitted").At;
            messages = [.. messages.Where(m => m.At >= admitted)];
        }

        // A message that was stored once more may have moved behind its own answer: what says that it answers it, does.
        if (messages.Skip(own + 1).Any(IsOutput) || (own >= 0 && messages.Any(m => m.Answers == messages[own].Id && IsOutput(m))))
        {
            return new Consumed();
        }

        if (inspection.Activity == Activity.Working || inspection.OpenQuestion is not null)
        {
            return new Working();
        }

        var turn = messages.Skip(Math.Max(own, newest) + 1).Where(m => m.Origin == MessageOrigin.Agent).ToList();
        return turn.Count == 0
            ? new NotBegun()
            : new Fruitless(turn[^1] switch
            {
                { Error: { } error } => $"the turn ended in error: {error.Reason}",
                { Ended: false } => "the turn was cut off",
                _ => "the turn ended without output",
            });
    }

    private static bool IsOutput(SeenMessage m) =>
        m is { Origin: MessageOrigin.Agent, Ended: true, CallsTools: false, Error: null } && !string.IsNullOrWhiteSpace(m.Text);
}
