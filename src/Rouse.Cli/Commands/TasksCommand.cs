using System.CommandLine;
using Rouse.Cli.Client;
using Rouse.Cli.Output;
using Rouse.Cli.Values;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse tasks</c>: lists tasks.</summary>
internal sealed class TasksCommand : ClientCommand
{
    private readonly Option<SessionId?> _session = Value.Id<SessionId>("--session", "Only what this session delegated", "session_k3f9_1");
    private readonly Option<CrewId?> _crew = Value.Id<CrewId>("--crew", "Only of this crew", "crew_k3f9");
    private readonly Option<string[]> _status = Value.SeveralOf(
        "--status", "Only in one of these", "queued", "starting", "running", "settling", "completed", "failed", "cancelled", "lost");

    private readonly PagingOptions _paging = new();

    public TasksCommand()
        : base("tasks", "List tasks")
    {
        Options.Add(_session);
        Options.Add(_crew);
        Options.Add(_status);
        _paging.AddTo(this);
    }

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var filter = new TaskFilter(call.Get(_session), call.Get(_crew), call.Get(_status));
        var reply = await call.Client.TasksAsync(filter, _paging.Of(call), cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
            return ExitCode.Done;
        }

        call.Screen.Table(
            ["TASK", "STATUS", "AGENT", "ON", "AGE", "TITLE"],
            reply.Value.Items.Select(t => (FormattableString[])
            [
                $"{t.Id}",
                Words.Of(t.Status),
                $"{t.Agent}",
                $"{t.Instance}",
                $"{Elapsed.Text(call.Time.GetUtcNow() - t.CreatedAt)}",
                $"{Words.Title(t)}",
            ]));
        PagingOptions.Tell(call.Screen, reply.Value.Next);
        return ExitCode.Done;
    }
}
