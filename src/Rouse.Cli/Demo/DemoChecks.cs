using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Cli.Demo;

/// <summary>What the demo promises, judged by what was found. It reads nothing and does nothing.</summary>
internal static class DemoChecks
{
    private const int Killed = 128 + 9;
    private static readonly string[] Steps = ["due", "leased", "dispatched", "admitted", "consumed"];

    public static IReadOnlyList<Check> Of(DemoFacts facts) =>
    [
        new("the worker was really killed, with children unfinished",
            facts.Crash is { ExitCode: Killed, Open: > 0 },
            facts.Crash is { } crash ? $"signal {crash.ExitCode - 128}, {crash.Open} unfinished" : "it was not killed"),
        new("every task that was accepted completed, across the crash",
            facts.Tasks.Count == DemoScript.Children && facts.Tasks.All(t => t.Status == AgentTaskStatus.Completed),
            $"{facts.Tasks.Count(t => t.Status == AgentTaskStatus.Completed)} of {DemoScript.Children}"),
        new("the parent was woken exactly once, for all of them",
            facts.Wakes is [{ Phase: WakePhase.Consumed } wake] && wake.Notices.Count == DemoScript.Children && facts.Notices.All(n => !n.Owed),
            $"{facts.Notices.Count} notices, wakes: {facts.Wakes.Count}, still owed: {facts.Notices.Count(n => n.Owed)}"),
        new("the receipt is complete and in order",
            facts.Wakes is [var received] && IsComplete(received),
            facts.Wakes is [var told] ? string.Join(", ", told.Receipt.Select(s => s.Step.ToLowerInvariant())) : "there is no one receipt"),
        new("the wake stands in the parent's own history exactly once",
            FromRouse(facts) is [_],
            $"{FromRouse(facts).Count} among {facts.History.Count} entries"),
        new("it tells what every child found",
            FromRouse(facts) is [{ Text: var text }, ..] && DemoScript.Findings.All(f => text.Contains(f, StringComparison.Ordinal)),
            FromRouse(facts) is [{ Text: var found }, ..]
                ? $"{DemoScript.Findings.Count(f => found.Contains(f, StringComparison.Ordinal))} of {DemoScript.Findings.Length} findings" : "no wake"),
        new("it does not pass for a person",
            facts.History.OfType<ChatEntry.Said>().Count(s => s.Origin == MessageOrigin.Person) == 1,
            $"messages of a person: {facts.History.OfType<ChatEntry.Said>().Count(s => s.Origin == MessageOrigin.Person)}"),
        new("the parent answered after it",
            AnswerTo(facts) is { Text.Length: > 0, Error: null },
            AnswerTo(facts)?.Text is { Length: > 0 } answer ? $"{TextBounds.OneLine(answer, 40)}" : "no answer"),
    ];

    private static bool IsComplete(WakeView wake)
    {
        // Steps may repeat, such as a lease that was given back; each has to be there, for the first time, behind the one before.
        var firsts = Steps.Select(step => IndexOf(wake.Receipt, step)).ToList();
        return firsts.All(i => i >= 0) && firsts.SequenceEqual(firsts.Order()) && wake.Receipt[^1].Step.Equals(Steps[^1], StringComparison.OrdinalIgnoreCase);
    }

    private static int IndexOf(IReadOnlyList<ReceiptStep> receipt, string step)
    {
        for (var i = 0; i < receipt.Count; i++)
        {
            if (receipt[i].Step.Equals(step, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private static List<ChatEntry.Said> FromRouse(DemoFacts facts) =>
        [.. facts.History.OfType<ChatEntry.Said>().Where(s => s.Origin == MessageOrigin.Rouse)];

    private static ChatEntry.Answered? AnswerTo(DemoFacts facts) =>
        facts.History.SkipWhile(e => e is not ChatEntry.Said { Origin: MessageOrigin.Rouse }).OfType<ChatEntry.Answered>().FirstOrDefault(a => a.EndsTurn);
}
