using System.CommandLine;
using System.Threading.Channels;
using Rouse.Cli.Client;
using Rouse.Cli.Commands;
using Rouse.Cli.Output;
using Rouse.Cli.Values;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Server;

namespace Rouse.Cli.Waiting;

/// <summary>
/// <c>rouse wait</c>: ends when what is waited for is settled and its wakes are admitted, or at the time limit. Ending it ends nothing else.
/// </summary>
internal sealed class WaitCommand : ClientCommand
{
    private readonly Argument<TaskId[]> _tasks = new("task")
    {
        Description = "The tasks",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result =>
        {
            var ids = new List<TaskId>();
            foreach (var token in result.Tokens)
            {
                if (TaskId.TryParse(token.Value, provider: null, out var id))
                {
                    ids.Add(id);
                }
                else
                {
                    result.AddError($"task: '{token.Value}' is not an id such as task_k3f9_2");
                }
            }

            return [.. ids];
        },
    };

    private readonly Option<SessionId?> _session = Value.Id<SessionId>("--session", "All that this session is owed", "session_k3f9_1");
    private readonly Option<TimeSpan?> _timeout = Value.Duration("--timeout", "How long to wait at most (else without a limit)");

    public WaitCommand()
        : base("wait", "Wait until tasks, or all that a session delegated, are settled and their wakes admitted")
    {
        Arguments.Add(_tasks);
        Options.Add(_session);
        Options.Add(_timeout);
        Validators.Add(result =>
        {
            if (result.GetResult(_tasks) is { Tokens.Count: > 0 } == result.GetResult(_session) is not null)
            {
                result.AddError("what to wait for: name tasks, or a session with --session");
            }
        });
    }

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var waiting = call.Get(_session) is { } session
            ? Waited.ForSession(call.Client, session)
            : Waited.ForTasks(call.Client, call.Get(_tasks)!);
        var limit = call.Get(_timeout);
        using var time = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan, call.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        var over = true;
        try
        {
            await UntilOverAsync(call, waiting, either.Token);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            over = false;
        }

        if (call.IsJson)
        {
            call.Screen.Json(System.Text.Json.JsonSerializer.Serialize(
                new Page<TaskView>([.. waiting.Tasks], Next: null), ClientJson.Default.PageTaskView));
        }

        if (over)
        {
            foreach (var dead in waiting.DeadLetters)
            {
                call.Screen.Hint($"{dead.Id} of {dead.Task} did not arrive: {dead.DeadLetter ?? dead.Wake?.DeadLetter}");
            }

            return waiting.AllWell ? ExitCode.Done : ExitCode.Failed;
        }

        call.Screen.Error($"the time limit of {DurationText.Format(limit!.Value)} is reached; {waiting.WhatIsOpen()}. Nothing was cancelled.");
        return ExitCode.TimeLimit;
    }

    private static async Task UntilOverAsync(Call call, Waited waiting, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // However much happens while one look is taken, one more look sees all of it.
        var moved = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        moved.Writer.TryWrite(true);
        var following = FollowAsync(call, waiting, moved.Writer, stop.Token);
        try
        {
            var seen = false;
            await foreach (var _ in moved.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    var over = await waiting.LookAsync(cancellationToken);
                    seen = true;
                    Tell(call, waiting);
                    if (over)
                    {
                        return;
                    }
                }
                catch (UnreachableException) when (seen)
                {
                    // The event stream connects again, or gives up and ends the wait.
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await following;
        }
    }

    private static async Task FollowAsync(Call call, Waited waiting, ChannelWriter<bool> moved, CancellationToken cancellationToken)
    {
        var reader = new EventReader(call.Client, call.Time) { Crew = waiting.OnlyCrew };
        try
        {
            await foreach (var item in reader.ReadAsync(after: null, cancellationToken))
            {
                switch (item)
                {
                    case StreamItem.Connected:
                    case StreamItem.Happened { Event: var happened } when waiting.Concerns(happened.Crew):
                        moved.TryWrite(true);
                        break;
                    case StreamItem.Lost lost:
                        call.Screen.Hint($"connection lost ({lost.Reason}); trying again");
                        break;
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            moved.TryComplete();
        }
        catch (Exception e)
        {
            // The reader of the channel throws it.
            moved.TryComplete(e);
        }
    }

    private static void Tell(Call call, Waited waiting)
    {
        foreach (var task in waiting.NewlySettled())
        {
            if (!call.IsJson)
            {
                call.Screen.Line($"{task.Id}  {Words.Of(task.Status)}  {Words.Title(task)}");
            }
        }
    }
}
