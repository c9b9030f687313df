using Microsoft.Extensions.Logging;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat.Conversations;

namespace Rouse.Harnesses.Chat.Turns;

/// <summary>Begins turns, continues those that were cut off, and ends them: one at a time in each session (HARN-6).</summary>
internal sealed partial class SessionTurns(
    ChatHarnessOptions options, ConversationStore store, TurnRunner runner, Signals signals, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly TurnSeats _seats = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _started;

    public bool Runs(string sessionId) => _seats.Find(sessionId) is { Runs: true };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _started = true;
        foreach (var sessionId in await store.OpenAsync(cancellationToken))
        {
            await ContinueAsync(sessionId, cancellationToken);
        }
    }

    /// <summary>Stores what was said and begins its turn. What is stored under the key already is not stored again, and is begun if it never was.</summary>
    public async ValueTask<DeliverResult> BeginAsync(string sessionId, string? key, ChatEntry.Said said, CancellationToken cancellationToken)
    {
        var sending = false;
        var seat = _seats.TryTake(sessionId);
        try
        {
            if (await store.LoadAsync(sessionId, cancellationToken) is not { } conversation)
            {
                return new DeliverResult.Gone();
            }

            var isStored = key is not null && conversation.Find(key) is not null;
            if (seat is null)
            {
                return isStored ? new DeliverResult.Sent()
                    : _stop.IsCancellationRequested ? new DeliverResult.NotSent("The harness is stopping.")
                    : new DeliverResult.Busy("Another turn runs in the session.");
            }

            if (isStored || conversation.IsOpen)
            {
                // Before the start a prompt that was never begun is begun by its own delivery only.
                if (conversation.IsOpen && (isStored || _started))
                {
                    Begin(ref seat, conversation);
                }

                return isStored ? new DeliverResult.Sent() : new DeliverResult.Busy("A turn that was cut off is continued first.");
            }

            if (TurnSettings.Check(options, said.Agent ?? conversation.Agent, said.Model ?? conversation.Model) is { } error)
            {
                return new DeliverResult.Refused(error);
            }

            // Not cancelled half-way: a prompt that is stored has its turn begun.
            sending = true;
            if (await store.AppendAsync(conversation, key, said, CancellationToken.None) is not { } asked)
            {
                return new DeliverResult.Gone();
            }

            Begin(ref seat, asked);
            return new DeliverResult.Sent();
        }
        catch (JournalUnavailableException e)
        {
            return sending ? new DeliverResult.Unknown(e.Message) : new DeliverResult.NotSent(e.Message);
        }
        finally
        {
            seat?.Dispose();
        }
    }

    public async ValueTask<AbortResult> AbortAsync(string sessionId, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.StopDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await AbortTurnAsync(sessionId, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new AbortResult.NotSeen($"The turn has not ended within {options.StopDeadline}.");
        }
        catch (JournalUnavailableException e)
        {
            return new AbortResult.NotSeen(e.Message);
        }
    }

    /// <summary>Stops the turns and waits for them. They stay open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        var left = _seats.Close();
        await _stop.CancelAsync();
        try
        {
            await left.WaitAsync(options.StopDeadline, time);
        }
        catch (TimeoutException)
        {
            LogStillRunning(options.Instance, options.StopDeadline);
        }
    }

    private async ValueTask ContinueAsync(string sessionId, CancellationToken cancellationToken)
    {
        var seat = _seats.TryTake(sessionId);
        try
        {
            if (seat is not null && await store.LoadAsync(sessionId, cancellationToken) is { IsOpen: true } conversation)
            {
                LogContinues(conversation.Session, conversation.Length);
                Begin(ref seat, conversation);
            }
        }
        finally
        {
            seat?.Dispose();
        }
    }

    /// <summary>The turn takes the seat over and leaves it at its end.</summary>
    private void Begin(ref TurnSeat? seat, Conversation conversation)
    {
        var taken = seat!;
        seat = null;
        taken.Runs = true;
        _ = RunAsync(taken, conversation);
    }

    private async Task RunAsync(TurnSeat seat, Conversation conversation)
    {
        // Who began the turn does not wait for it.
        await Task.Yield();
        try
        {
            await runner.RunAsync(conversation, seat.Aborted, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            LogStopped(conversation.Session);
        }
        catch (Exception e)
        {
            LogFailed(conversation.Session, e);
        }
        finally
        {
            seat.Dispose();
            signals.Emit(new HarnessSignal.Changed(conversation.Session.Id));
        }
    }

    private async ValueTask<AbortResult> AbortTurnAsync(string sessionId, CancellationToken cancellationToken)
    {
        while (!_stop.IsCancellationRequested)
        {
            using var seat = _seats.TryTake(sessionId);
            if (seat is not null)
            {
                return await EndOpenAsync(sessionId, cancellationToken);
            }

            if (_seats.Find(sessionId) is { } taken)
            {
                taken.Abort();
                await taken.Left.WaitAsync(cancellationToken);
            }
        }

        return new AbortResult.NotSeen("The harness is stopping.");
    }

    /// <summary>Nothing runs; a turn that a crash left open must not be continued.</summary>
    private async ValueTask<AbortResult> EndOpenAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(sessionId, cancellationToken) is not { } conversation)
        {
            return new AbortResult.Ended("The session does not exist.");
        }

        if (conversation.IsOpen)
        {
            await runner.EndAsync(conversation, TurnRunner.Aborted, cancellationToken);
        }

        return new AbortResult.Ended("No turn runs in the session.");
    }
}
