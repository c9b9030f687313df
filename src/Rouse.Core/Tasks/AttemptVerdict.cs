namespace Rouse.Core;

/// <summary>What one look at a session says about the attempt that runs in it. A pure reading of the history: idle signals are hints, messages the truth.</summary>
public abstract record AttemptVerdict
{
    private AttemptVerdict()
    {
    }

    /// <summary>A turn runs, or a question waits for its answer.</summary>
    public sealed record Working : AttemptVerdict;

    /// <summary>Idle, and the last turn ended with output.</summary>
    public sealed record Finished(string Text, bool Truncated, DateTimeOffset EndedAt, Usage? Usage) : AttemptVerdict;

    /// <summary>Idle, and the last turn ended in error.</summary>
    public sealed record Failed(TaskError Error, string? PartialText) : AttemptVerdict;

    /// <summary>Idle, and the last turn has no end.</summary>
    /// <param name="HadEffects">Tools ran or text was produced: it is not run again without being asked for.</param>
    public sealed record Interrupted(string? PartialText, bool HadEffects) : AttemptVerdict;

    /// <summary>Idle, and no agent's message follows the newest prompt.</summary>
    public sealed record NotBegun : AttemptVerdict;

    /// <summary>Idle, and the last turn ended without any output.</summary>
    public sealed record Empty : AttemptVerdict;

    /// <param name="promptKey">The key of the attempt's prompt.</param>
    /// <param name="lastError">What the harness's stream reported, for errors that leave no trace in the history.</param>
    public static AttemptVerdict Judge(Inspection inspection, string promptKey, TaskError? lastError)
    {
        if (inspection.Activity == Activity.Working || inspection.OpenQuestion is not null)
        {
            return new Working();
        }

        var prompt = PromptIn(inspection, promptKey);
        var newest = LastIndex(inspection, m => m.Origin != MessageOrigin.Agent);
        var turn = inspection.Messages.Skip(Math.Max(prompt, newest) + 1).ToList();
        if (turn.Count == 0 && newest > prompt)
        {
            // What was put into an idle session without a turn (a deposit) does not undo the turn before it.
            turn = [.. inspection.Messages.Skip(prompt + 1).Take(newest - prompt - 1).Where(m => m.Origin == MessageOrigin.Agent)];
        }

        if (turn.Count == 0 && prompt >= 0)
        {
            // A history may show a prompt that was stored once more behind its own answer: what says that it answers it, does.
            turn = [.. inspection.Messages.Where(m => m.Answers == inspection.Messages[prompt].Id)];
        }

        if (turn.Count == 0)
        {
            return lastError is null ? new NotBegun() : new Failed(lastError, PartialText: null);
        }

        var last = turn[^1];
        var spoken = turn.FindAll(m => !string.IsNullOrWhiteSpace(m.Text));
        var text = (Sabotage.ReportsTheFirstWords ? spoken.FirstOrDefault() : spoken.LastOrDefault())?.Text;
        if (last.Error is { } error)
        {
            return new Failed(error, text);
        }

        if (!last.Ended && !Sabotage.CompletesATurnThatWasCutOff)
        {
            return new Interrupted(text, HadEffects: text is not null || turn.Exists(m => m.RanTools || m.ToolOpen));
        }

        if (last.CallsTools)
        {
            return new Failed(
                new TaskError(FailureClass.Request, "stopped-at-tool", "The last turn ended at a tool call that was rejected; no answer followed."), text);
        }

        return text is null ? new Empty() : new Finished(text, last.Truncated, last.At, last.Usage);
    }

    /// <summary>The last words that the session said for the attempt, for what is stopped; null for none. What it said to a person before its prompt is no result.</summary>
    /// <param name="isPrompted">Whether the prompt is known to have arrived; then a look that does not show it reaches back less far.</param>
    public static string? LastWords(Inspection inspection, string promptKey, bool isPrompted)
    {
        if (!isPrompted && !inspection.Messages.Any(m => m.Origin == MessageOrigin.Rouse))
        {
            return null;
        }

        var prompt = PromptIn(inspection, promptKey);
        return inspection.Messages
            .Where((m, i) => m.Origin == MessageOrigin.Agent && !string.IsNullOrWhiteSpace(m.Text) && (i > prompt || m.Answers == inspection.Messages[prompt].Id))
            .LastOrDefault()?.Text;
    }

    /// <summary>
    /// Where the attempt's prompt stands; -1 where the look does not reach back to it. A harness without keys shows who wrote a message: Rouse's first one behind
    /// a person's is the prompt, and without a person's before it all that is shown is the attempt's.
    /// </summary>
    private static int PromptIn(Inspection inspection, string promptKey)
    {
        var prompt = LastIndex(inspection, m => m.Key == promptKey);
        if (prompt >= 0)
        {
            return prompt;
        }

        var first = inspection.Messages.ToList().FindIndex(m => m.Origin == MessageOrigin.Rouse);
        return first >= 0 && inspection.Messages[first].Key is null && inspection.Messages.Take(first).Any(m => m.Origin == MessageOrigin.Person) ? first : -1;
    }

    private static int LastIndex(Inspection inspection, Func<SeenMessage, bool> match)
    {
        for (var i = inspection.Messages.Length - 1; i >= 0; i--)
        {
            if (match(inspection.Messages[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
