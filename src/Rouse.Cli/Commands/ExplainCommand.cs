using System.CommandLine;
using Rouse.Cli.Output;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse explain</c>: why a task does not start or end, why a session is not woken.</summary>
internal sealed class ExplainCommand : ClientCommand
{
    private readonly Argument<AnyId> _id = AnyId.Argument(
        "A task or a session",
        "a task (task_k3f9_2) or a session (session_k3f9_1)",
        typeof(AnyId.OfTask), typeof(AnyId.OfSession));

    public ExplainCommand()
        : base("explain", "Say why a task does not start or end, or why a session is not woken") =>
        Arguments.Add(_id);

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var reply = await (call.Get(_id) switch
        {
            AnyId.OfTask task => call.Client.ExplainAsync(task.Id, cancellationToken),
            AnyId.OfSession session => call.Client.ExplainAsync(session.Id, cancellationToken),
            var other => throw new InvalidOperationException($"{other} cannot be explained."),
        });
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
            return ExitCode.Done;
        }

        var why = reply.Value;
        call.Screen.Line($"{why.State}");
        foreach (var reason in why.Reasons)
        {
            call.Screen.Line($"  {reason}");
        }

        new Facts
        {
            { "  since", why.Since is { } since ? $"{Words.At(since)} ({Words.Ago(since, call.Time)})" : null },
            { "  tries", why.Tries > 0 ? $"{why.Tries}" : null },
            { "  next look", why.NextLook is { } next ? Words.At(next) : "when something moves" },
        }.Write(call.Screen);
        return ExitCode.Done;
    }
}
