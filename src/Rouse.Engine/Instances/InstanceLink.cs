using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// The one subscription to an instance: whether it is up, what it reports, and how many calls to it are under way. An instance is up while its
/// stream is connected; while it is down nothing that needs it is tried, and all clocks of its tasks stand still.
/// </summary>
internal sealed partial class InstanceLink(IHarness harness, EngineOptions options, TimeProvider time, ILogger<InstanceLink> log) : IAsyncDisposable
{
    /// <summary>A stream that lasted this long, or told anything, was a good one: the wait before the next counts anew.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    /// <summary>A look may be this old when a prompt goes out by it.</summary>
    public static readonly TimeSpan FreshLook = TimeSpan.FromSeconds(10);

    private readonly RecentTimes _foundClosed = new(FreshLook, time);
    private readonly Lock _gate = new();
    private readonly CallSeats _seats = new(options.CallsPerInstance);
    private readonly Dictionary<string, Sole> _sole = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private volatile State _state = new(IsUp: false, time.GetUtcNow(), time.GetTimestamp(), "not connected yet");
    private Task _watching = Task.CompletedTask;
    private ITimer? _lostTimer;

    /// <summary>The instance came up (its sessions are to be looked at), or was down for as long as a task survives.</summary>
    public event Action<string>? OnReady;

    public event Action<HarnessSignal>? OnSignal;

    public IHarness Harness => harness;

    public bool IsUp => _state.IsUp;

    /// <summary>Since when it has been up or down.</summary>
    public DateTimeOffset Since => _state.Since;

    public string? Reason => _state.Reason;

    /// <summary>It was down for so long that its tasks are lost; by elapsed time, as a clock that is set forward must lose nothing.</summary>
    public bool IsLost =>
        _state is { IsUp: false } state && (Sabotage.LosesTasksWithTheConnection || time.GetElapsedTime(state.At) >= options.Rules.LostAfter);

    public bool IsReady => IsUp || IsLost;

    /// <summary>The prompts whose arrival is not known.</summary>
    public UnknownSends Unknown { get; } = new(options.Rules.ReadBackQuiet, time);

    public void Start()
    {
        AwaitLost();
        _watching = WatchAsync();
    }

    /// <summary>Makes a call when one of the instance's places is free.</summary>
    public async Task<T> CallAsync<T>(Func<IHarness, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        await _seats.TakeAsync(cancellationToken);
        try
        {
            return await call(harness, cancellationToken);
        }
        finally
        {
            _seats.GiveBack();
        }
    }

    /// <summary>Looks at a session when one of the instance's places is free.</summary>
    public Task<InspectResult> LookAsync(Address session, CancellationToken cancellationToken) =>
        CallAsync((_, ct) => LookWithinCallAsync(session, ct), cancellationToken);

    /// <summary>Looks at a session in the place that a call has taken. Every look is taken here, so that one that found it closed to prompts is known to all.</summary>
    public async ValueTask<InspectResult> LookWithinCallAsync(Address session, CancellationToken cancellationToken)
    {
        var look = await harness.InspectAsync(session, cancellationToken);
        if (look is InspectResult.Missing || (look is InspectResult.Seen { Inspection: var seen } && Gate.Judge(seen, options.Rules) is GateVerdict.Closed))
        {
            _foundClosed.Note(session.Id);
        }

        return look;
    }

    /// <summary>Whether a look that was heard after that time, which lies <see cref="FreshLook"/> back at most, has found the session closed to prompts.</summary>
    /// <param name="timestamp">As <see cref="TimeProvider.GetTimestamp"/> said.</param>
    public bool WasFoundClosedSince(string session, long timestamp) => _foundClosed.Of(session) > timestamp;

    /// <summary>Does something to a session while nobody else prompts or stops it: a prompt must not enter one that is being stopped.</summary>
    public async Task<T> AloneAsync<T>(string session, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        Sole sole;
        lock (_gate)
        {
            sole = _sole.TryGetValue(session, out var known) ? known : _sole[session] = new Sole();
            sole.Users++;
        }

        try
        {
            await sole.Seat.TakeAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                sole.Seat.GiveBack();
            }
        }
        finally
        {
            lock (_gate)
            {
                if (--sole.Users == 0)
                {
                    _sole.Remove(session);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _watching;
        _lostTimer?.Dispose();
    }

    private async Task WatchAsync()
    {
        for (var failures = 0; !_stopping.IsCancellationRequested; failures++)
        {
            var opened = time.GetTimestamp();
            var heard = false;
            try
            {
                await foreach (var signal in harness.WatchAsync(_stopping.Token))
                {
                    Take(signal);
                    heard |= signal is not (HarnessSignal.Connected or HarnessSignal.Disconnected);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The adapter reconnects by itself; a stream that throws is a defect of its, and must not end supervision.
                LogStreamFailed(error, harness.Instance);
            }

            // A stream that opens and closes at once was no good one, though it said that it was connected.
            failures = heard || time.GetElapsedTime(opened) >= Healthy ? 0 : failures;
            Down("its stream ended");
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(1 << Math.Min(failures, 4), 10)), time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Take(HarnessSignal signal)
    {
        switch (signal)
        {
            case HarnessSignal.Connected:
                Up();
                break;
            case HarnessSignal.Disconnected x:
                Down(x.Reason);
                break;
            default:
                OnSignal?.Invoke(signal);
                break;
        }
    }

    private void Up()
    {
        if (!IsUp)
        {
            LogUp(harness.Instance);
            _state = new State(IsUp: true, time.GetUtcNow(), time.GetTimestamp(), Reason: null);
            _lostTimer?.Dispose();
            _lostTimer = null;
        }

        OnReady?.Invoke(harness.Instance);
    }

    private void Down(string reason)
    {
        if (Reason != reason)
        {
            LogDown(harness.Instance, reason);
        }

        if (IsUp)
        {
            _state = new State(IsUp: false, time.GetUtcNow(), time.GetTimestamp(), reason);
            AwaitLost();
        }
        else
        {
            _state = _state with { Reason = reason };
        }
    }

    private void AwaitLost()
    {
        _lostTimer?.Dispose();
        _lostTimer = time.CreateTimer(
            _ => OnReady?.Invoke(harness.Instance), state: null, options.Rules.LostAfter + TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
    }

    /// <summary>One value, because performers on other threads must not see half of a change: down, and since the time that it had come up.</summary>
    /// <param name="At">The same moment as <paramref name="Since"/>, by the clock that nobody sets.</param>
    private sealed record State(bool IsUp, DateTimeOffset Since, long At, string? Reason);

    /// <summary>The one place at a session, kept while somebody has it or waits for it.</summary>
    private sealed class Sole
    {
        public CallSeats Seat { get; } = new(1);

        public int Users { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} is up")]
    private partial void LogUp(string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} is down: {Reason}; what is owed to it waits")]
    private partial void LogDown(string instance, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stream of {Instance} failed")]
    private partial void LogStreamFailed(Exception error, string instance);
}
