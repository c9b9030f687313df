using System.CommandLine;
using Rouse.Cli.Client;
using Rouse.Cli.Values;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse sessions register</c>: makes a session known, so that it can delegate and be woken.</summary>
internal sealed class RegisterCommand : ClientCommand
{
    private readonly Argument<Address> _address = new("address")
    {
        Description = "The instance and the harness's own id of the session: instance/id",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (SessionName.TryAddress(text) is { } address)
            {
                return address;
            }

            result.AddError($"address: '{text}' is not an address such as chat@main/abc");
            return null!;
        },
    };

    private readonly Option<SessionId?> _parent = Value.Id<SessionId>("--parent", "The session that it hangs below", "session_k3f9_1");
    private readonly Option<string?> _agent = new("--agent") { Description = "The agent that the session runs", HelpName = "name" };
    private readonly Option<string?> _directory = new("--directory") { Description = "The session's working directory", HelpName = "directory" };

    public RegisterCommand()
        : base("register", "Make a session known; the same address again is the same session")
    {
        Arguments.Add(_address);
        Options.Add(_parent);
        Options.Add(_agent);
        Options.Add(_directory);
    }

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var body = new NewSessionBody(call.Get(_address)!, call.Get(_parent), call.Get(_agent), call.Get(_directory));
        var reply = await call.Client.RegisterAsync(body, cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
        }
        else
        {
            call.Screen.Line($"{reply.Value.Id}");
        }

        return ExitCode.Done;
    }
}
