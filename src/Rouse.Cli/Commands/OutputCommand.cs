using System.CommandLine;
using Rouse.Cli.Output;
using Rouse.Cli.Values;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse output</c>: what a task produced, as often as asked.</summary>
internal sealed class OutputCommand : ClientCommand
{
    private readonly Argument<TaskId?> _task = Value.IdArgument<TaskId>("task", "The task", "task_k3f9_2");
    private readonly Option<bool> _raw = new("--raw") { Description = "Byte by byte, also what a terminal would act upon" };

    public OutputCommand()
        : base("output", "Print what a task produced")
    {
        Arguments.Add(_task);
        Options.Add(_raw);
    }

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var reply = await call.Client.OutputAsync(call.Get(_task)!.Value, cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(reply.Json);
            return ExitCode.Done;
        }

        var output = reply.Value;
        if (call.Get(_raw))
        {
            call.Screen.Raw(output.Text);
        }
        else
        {
            call.Screen.Text(output.Text);
        }

        if (output.Partial)
        {
            call.Screen.Hint($"partial: the task has not completed; this is what it had produced ({Words.Size(output.Size)})");
        }
        else if (output.Truncated)
        {
            call.Screen.Hint("truncated: the last turn ended at a length or step limit");
        }

        return ExitCode.Done;
    }
}
