using System.CommandLine;
using Rouse.Cli.Client;
using Rouse.Cli.Output;

namespace Rouse.Cli.Commands;

/// <summary>A command that asks the server. It returns an exit code, and throws what the program as a whole turns into one.</summary>
internal abstract class ClientCommand : Command
{
    protected ClientCommand(string name, string description)
        : base(name, description) =>
        SetAction(async (parse, cancellationToken) =>
        {
            using var client = new RouseClient(ServerAddress.Of(parse));
            return await RunAsync(new Call(parse, client, Screen.OnTerminal(), TimeProvider.System), cancellationToken);
        });

    protected abstract Task<int> RunAsync(Call call, CancellationToken cancellationToken);
}
