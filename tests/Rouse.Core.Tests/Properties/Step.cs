using System.Globalization;

namespace Rouse.Core.Tests;

/// <summary>One step of a random story.</summary>
/// <param name="Wait">Virtual time that passes before it.</param>
/// <param name="Forget">The twin forgets what is over, and is stored and loaded, before it.</param>
/// <param name="Flush">The obligations of the steps since the last flush are committed after it.</param>
internal sealed record Step(TimeSpan Wait, Input Input, bool Forget, bool Flush)
{
    public override string ToString() =>
        $"{(Wait > TimeSpan.Zero ? $"after {Wait.ToString("c", CultureInfo.InvariantCulture)}, " : "")}{(Forget ? "forgetting, " : "")}{Tell(Input)}";

    private static string Tell(Input input) => input switch
    {
        Delegate x => $"{x.Spec.From} delegates group '{x.Spec.Group}' policy {x.Spec.Wake} key '{x.Spec.Key}' model {x.Spec.Model} fallbacks [{string.Join(' ', x.Spec.Fallbacks)}]",
        SessionSeen x => $"{x.Session} is seen {x.Inspection.Activity} (look of {x.Inspection.At:T}): {string.Join(", ", x.Inspection.Messages.Select(Tell))}"
            + $"{(x.LastError is { } e ? $"; last error {e.Class}" : "")}{(x.Inspection.OpenTodos.IsEmpty ? "" : "; todos")}",
        Acknowledge x => $"{x.Session} acknowledges {string.Join(' ', x.Notices)}",
        AttemptFailed x => $"attempt {x.Attempt} of {x.Task} fails: {x.Error.Class}, may run: {x.MayRun}",
        _ => input.ToString(),
    };

    private static string Tell(SeenMessage m) =>
        m.Origin == MessageOrigin.Agent
            ? m.Error is { } e ? $"error {e.Class}" : !m.Ended ? "unended" : m.CallsTools ? "calls tools" : m.Text.Length == 0 ? "empty" : "answer"
            : m.Key ?? "person";
}
