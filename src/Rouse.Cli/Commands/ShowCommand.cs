using System.CommandLine;
using Rouse.Cli.Output;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse show</c>: all that is known of a task, a session or a wake.</summary>
internal sealed class ShowCommand : ClientCommand
{
    private readonly Argument<AnyId> _id = AnyId.Argument(
        "A task, a session or a wake",
        "a task (task_k3f9_2), a session (session_k3f9_1) or a wake (wake_k3f9_3)",
        typeof(AnyId.OfTask), typeof(AnyId.OfSession), typeof(AnyId.OfWake));

    public ShowCommand()
        : base("show", "Show a task, a session, or a wake with its receipt") =>
        Arguments.Add(_id);

    protected override Task<int> RunAsync(Call call, CancellationToken cancellationToken) => call.Get(_id) switch
    {
        AnyId.OfTask task => TellAsync(call, call.Client.TaskAsync(task.Id, cancellationToken), Task),
        AnyId.OfSession session => TellAsync(call, call.Client.SessionAsync(session.Id, cancellationToken), Session),
        AnyId.OfWake wake => TellAsync(call, call.Client.WakeAsync(wake.Id, cancellationToken), Wake),
        var other => throw new InvalidOperationException($"{other} is no kind of id."),
    };

    private static async Task<int> TellAsync<T>(Call call, Task<Client.Reply<T>> asked, Action<Call, T> tell)
    {
        var reply = await asked;
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
        }
        else
        {
            tell(call, reply.Value);
        }

        return ExitCode.Done;
    }

    private static void Task(Call call, TaskView task)
    {
        var facts = new Facts
        {
            { "task", $"{task.Id}", Words.Of(task.Status) },
            { "title", task.Description },
            { "agent", $"{task.Agent} on {task.Instance}" },
            { "model", task.Model },
            { "from", $"{task.From}" },
            { "directory", task.Directory },
            { "wake", $"{task.Wake.ToString().ToLowerInvariant()}{(task.Group is null ? "" : $", group {task.Group}")}" },
            { "lane", task.Lane is { } lane ? string.Join(", ", lane.Names) + (lane.Place is { } place ? $", place {place}" : "") : null },
            { "created", $"{Words.At(task.CreatedAt)} ({Words.Ago(task.CreatedAt, call.Time)})" },
            { "deadline", task.Deadline is { } deadline ? Words.At(deadline) : null },
            { "settled", task.SettledAt is { } settled ? $"{Words.At(settled)}, after {Elapsed.Text(settled - task.CreatedAt)}" : null },
            { "run", task.Run > 1 ? $"{task.Run}" : null },
        };
        foreach (var attempt in task.Attempts)
        {
            var error = attempt.Error is null ? "" : $"  {Words.Error(attempt.Error)}";
            facts.Add($"attempt {attempt.Number}", $"{attempt.Status.ToString().ToLowerInvariant()}  {attempt.Session}  {attempt.Model}{error}");
        }

        if (task.Outcome is { } outcome)
        {
            facts.Add("outcome", outcome.Error is { } error ? Words.Error(error) : outcome.Reason);
            facts.Add("used", outcome.Usage is { } usage ? $"{usage.InputTokens} tokens in, {usage.OutputTokens} out" : null);
            facts.Add("output", $"rouse output {task.Id}{(outcome.Partial ? "  (partial)" : "")}{(outcome.Truncated ? "  (truncated)" : "")}");
        }

        facts.Write(call.Screen);
    }

    private static void Session(Call call, SessionView session) =>
        new Facts
        {
            { "session", $"{session.Id}" },
            { "address", $"{session.Address}" },
            { "crew", $"{session.Crew}" },
            { "parent", session.Parent?.ToString() },
            { "task", session.Task?.ToString() },
            { "depth", $"{session.Depth}" },
            { "agent", session.Agent },
            { "directory", session.Directory },
            { "registered", $"{Words.At(session.RegisteredAt)} ({Words.Ago(session.RegisteredAt, call.Time)})" },
            { "gone", session.GoneAt is { } gone ? Words.At(gone) : null },
        }.Write(call.Screen);

    private static void Wake(Call call, WakeView wake)
    {
        new Facts
        {
            { "wake", $"{wake.Id}", Words.Of(wake.Phase) },
            { "session", $"{wake.Session}" },
            { "notices", string.Join(", ", wake.Notices) },
            { "held", wake.Hold is { } hold ? $"{hold.Reason}, since {Words.At(hold.Since)}" : null },
            { "dead letter", wake.DeadLetter },
            { "sends", $"{wake.Sends}" },
        }.Write(call.Screen);
        ReceiptText.Write(call.Screen, wake);
    }
}
