using Rouse.Cli.Output;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse dead-letters</c>: wakes that could not be delivered for good.</summary>
internal sealed class DeadLettersCommand : ClientCommand
{
    private readonly PagingOptions _paging = new();

    public DeadLettersCommand()
        : base("dead-letters", "List the wakes that could not be delivered") =>
        _paging.AddTo(this);

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var reply = await call.Client.DeadLettersAsync(_paging.Of(call), cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
            return ExitCode.Done;
        }

        call.Screen.Table(
            ["WAKE", "SESSION", "SENDS", "REASON"],
            reply.Value.Items.Select(w => (FormattableString[])[$"{w.Id}", $"{w.Session}", $"{w.Sends}", $"{w.DeadLetter}"]));
        PagingOptions.Tell(call.Screen, reply.Value.Next);
        return ExitCode.Done;
    }
}
