using System.CommandLine;
using Rouse.Cli.Output;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse sessions</c>: lists the sessions that Rouse knows.</summary>
internal sealed class SessionsCommand : ClientCommand
{
    private readonly PagingOptions _paging = new();

    public SessionsCommand()
        : base("sessions", "List the sessions that are known, or make one known")
    {
        _paging.AddTo(this);
        Subcommands.Add(new RegisterCommand());
    }

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var reply = await call.Client.SessionsAsync(_paging.Of(call), cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
            return ExitCode.Done;
        }

        call.Screen.Table(
            ["SESSION", "ADDRESS", "PARENT", "AGENT", "AGE"],
            reply.Value.Items.Select(s => (FormattableString[])
            [
                $"{s.Id}",
                $"{s.Address}",
                $"{s.Parent}",
                $"{s.Agent}",
                $"{Elapsed.Text(call.Time.GetUtcNow() - s.RegisteredAt)}{(s.GoneAt is null ? "" : ", gone")}",
            ]));
        PagingOptions.Tell(call.Screen, reply.Value.Next);
        return ExitCode.Done;
    }
}
