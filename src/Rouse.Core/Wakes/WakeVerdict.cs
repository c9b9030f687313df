using System.Collections.Immutable;

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
        if (wake.IsUnkeyed)
        {
            return JudgeUnkeyed(inspection, wake);
        }

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
            // The message is out of sight, cut off or taken back: what is older than it says nothing of it.
            messages = [.. Since(messages, wake.After, wake.Receipt.Last(s => s.Step == "admitted").At)];
        }

        // A history may show a message that was stored once more behind its own answer: what says that it answers it, does.
        var answers = own < 0 ? [] : messages.Where(m => m.Answers == messages[own].Id);
        return Judge(inspection, messages.Skip(Sabotage.CountsAnOlderTurnAsConsumed ? 0 : own + 1).Concat(answers), messages.Skip(Math.Max(own, newest) + 1));
    }

    /// <summary>
    /// No message can be told to be the wake's: what stands behind the newest message of the look just before it was sent is its turn, and the nudge's
    /// likewise. The session was idle at both.
    /// </summary>
    private static WakeVerdict JudgeUnkeyed(Inspection inspection, Wake wake)
    {
        var claimed = wake.Receipt.Last(s => s.Step == "leased").At;
        var own = Since(inspection.Messages, wake.After, claimed);
        var nudged = wake.Nudged ? wake.Receipt.Last(s => s.Step == "nudged").At : (DateTimeOffset?)null;
        return Judge(inspection, own, nudged is { } at ? Since(inspection.Messages, wake.NudgedAfter, at) : own);
    }

    /// <summary>What stands behind a message; where that is not known or no longer there, what is not older than a time.</summary>
    private static IEnumerable<SeenMessage> Since(ImmutableArray<SeenMessage> messages, string? after, DateTimeOffset at)
    {
        if (after?.Length == 0)
        {
            return messages;
        }

        var place = after is null ? -1 : messages.Select(m => m.Id).ToList().LastIndexOf(after);
        return place >= 0 ? messages.Skip(place + 1) : messages.Where(m => m.At >= at);
    }

    /// <param name="own">What follows the wake.</param>
    /// <param name="newest">What follows its newest message: itself, or its nudge.</param>
    private static WakeVerdict Judge(Inspection inspection, IEnumerable<SeenMessage> own, IEnumerable<SeenMessage> newest)
    {
        if (own.Any(IsOutput))
        {
            return new Consumed();
        }

        if (inspection.Activity == Activity.Working || inspection.OpenQuestion is not null)
        {
            return new Working();
        }

        var turn = newest.Where(m => m.Origin == MessageOrigin.Agent).ToList();
        return turn.Count == 0
            ? Sabotage.CountsADepositAsConsumed ? new Consumed() : new NotBegun()
            : new Fruitless(turn[^1] switch
            {
                { Error: { } error } => $"the turn ended in error: {error.Reason}",
                { Ended: false } => "the turn was cut off",
                _ => "the turn ended without output",
            });
    }

    private static bool IsOutput(SeenMessage m) =>
        m is { Origin: MessageOrigin.Agent, Ended: true, CallsTools: false, Error: null }
        && (!string.IsNullOrWhiteSpace(m.Text) || Sabotage.CountsAnEmptyTurnAsConsumed);
}
