using System.CommandLine;
using Rouse.Cli.Output;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse cancel</c>: stops a task, or all that a session delegated, and everything under it.</summary>
internal sealed class CancelCommand : ClientCommand
{
    private readonly Argument<AnyId> _id = AnyId.Argument(
        "A task, or the session whose tasks are to be stopped",
        "a task (task_k3f9_2) or a session (session_k3f9_1)",
        typeof(AnyId.OfTask), typeof(AnyId.OfSession));

    public CancelCommand()
        : base("cancel", "Stop a task, or all that a session delegated, and everything under it") =>
        Arguments.Add(_id);

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var reply = await (call.Get(_id) switch
        {
            AnyId.OfTask task => call.Client.CancelAsync(task.Id, cancellationToken),
            AnyId.OfSession session => call.Client.CancelAllAsync(session.Id, cancellationToken),
            var other => throw new InvalidOperationException($"{other} cannot be cancelled."),
        });
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
        }
        else if (reply.Value.Items.Count == 0)
        {
            call.Screen.Line($"nothing was open");
        }
        else
        {
            call.Screen.Table(
                ["TASK", "WAS", "IS"],
                reply.Value.Items.Select(t => (FormattableString[])[$"{t.Id}", Words.Of(t.Before), Words.Of(t.Status)]));
        }

        return ExitCode.Done;
    }
}
