using System.CommandLine;
using Rouse.Cli.Output;
using Rouse.Cli.Values;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse mailbox</c>: a session's notices, and the receipts of the wakes that brought them.</summary>
internal sealed class MailboxCommand : ClientCommand
{
    private readonly Argument<SessionId?> _session = Value.IdArgument<SessionId>("session", "The session", "session_k3f9_1");

    public MailboxCommand()
        : base("mailbox", "List a session's notices, with the receipts of their wakes") =>
        Arguments.Add(_session);

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var reply = await call.Client.MailboxAsync(call.Get(_session)!.Value, cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
            return ExitCode.Done;
        }

        var notices = reply.Value.Items;
        call.Screen.Table(
            ["NOTICE", "STATE", "OF", "WAKE", "POSTED"],
            notices.Select(n => (FormattableString[])
            [
                $"{n.Id}",
                $"{Words.Of(n.State)}{(n.Owed ? ", owed" : "")}{(n.DeadLetter is null ? "" : $": {n.DeadLetter}")}",
                $"{n.Task}",
                n.Wake is { } wake ? $"{wake.Id} {Words.Of(wake.Phase)}" : (FormattableString)$"-",
                $"{Words.Ago(n.PostedAt, call.Time)}",
            ]));
        foreach (var wake in notices.Select(n => n.Wake).OfType<Engine.WakeView>().DistinctBy(w => w.Id))
        {
            call.Screen.Line();
            call.Screen.Line($"{wake.Id}  {Words.Of(wake.Phase)}");
            ReceiptText.Write(call.Screen, wake);
        }

        return ExitCode.Done;
    }
}
