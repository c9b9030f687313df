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

    /// <param name="newestKey">The key of the wake's newest message: its own, or the nudge's.</param>
    /// <param name="key">The wake's own key.</param>
    public static WakeVerdict Judge(Inspection inspection, string newestKey, string key)
    {
        var messages = inspection.Messages;
        var own = -1;
        var newest = -1;
        for (var i = 0; i < messages.Length; i++)
        {
            own = messages[i].Key == key ? i : own;
            newest = messages[i].Key == newestKey ? i : newest;
        }

        // A history that was cut back to before the message holds only what came after it.
        if (messages.Skip(own + 1).Any(IsOutput))
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
