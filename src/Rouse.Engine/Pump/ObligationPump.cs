using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Holds what is owed and has each obligation performed when it is due. It polls nothing but the clock: it sleeps until the next due time or a signal.
/// Obligations that need an instance wait, without tries, while the instance is down. Safe for use by several threads.
/// </summary>
internal sealed class ObligationPump : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Owed _owed = new();
    private readonly Turns _turns = new();
    private readonly Schedule _schedule;
    private readonly PerformerSet _performers;
    private readonly HashSet<TaskCompletionSource> _running = [];
    private readonly Func<string, bool> _isReady;
    private readonly EngineOptions _options;
    private readonly SteadyTime _time;
    private readonly Random _random;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _cuttingOff = new();
    private readonly CancellationToken _cutOff;
    private bool _started;
    private bool _draining;
    private bool _drainAgain;

    /// <param name="clock">The time of day, by which dues are written down.</param>
    /// <param name="time">The steady time, by which they are waited for.</param>
    public ObligationPump(
        IEnumerable<IPerformer> performers, Func<string, bool> isReady, EngineOptions options, TimeProvider clock, SteadyTime time, Random random,
        ILogger<ObligationPump> log)
    {
        _performers = new PerformerSet(performers, time, log);
        (_isReady, _options, _time, _random) = (isReady, options, time, random);
        (_stop, _cutOff) = (_stopping.Token, _cuttingOff.Token);
        _schedule = new Schedule(options.Rules, clock, time);
        _timer = time.CreateTimer(_ => RunDue(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Kinds that the pump performs; the others wait for lanes.</summary>
    public bool Performs(ObligationKind kind) => _performers.Has(kind);

    public void Start()
    {
        lock (_gate)
        {
            _started = true;
        }

        RunDue();
    }

    /// <summary>Takes over the difference that a commit made.</summary>
    public void Update(CrewId crew, IReadOnlyList<Obligation> owed, IReadOnlyList<ObligationKey> settled)
    {
        lock (_gate)
        {
            foreach (var key in settled)
            {
                Settle(crew, key);
            }

            foreach (var obligation in owed.Where(o => Performs(o.Kind)))
            {
                Owe(crew, obligation);
            }
        }

        RunDue();
    }

    /// <summary>Takes over all that a crew owes, after its commits were not all seen here.</summary>
    public void Replace(CrewId crew, IReadOnlyList<Obligation> owed)
    {
        lock (_gate)
        {
            var keys = owed.Select(o => o.Key).ToHashSet();
            foreach (var key in _owed.Of(crew).Select(e => e.Performance.Obligation.Key).Where(k => !keys.Contains(k)).ToList())
            {
                Settle(crew, key);
            }

            // What is unchanged keeps its schedule: a store that fails again and again must not have everything tried at once each time.
            foreach (var obligation in owed.Where(o => Performs(o.Kind) && _owed.Find(crew, o.Key)?.Performance.Obligation != o))
            {
                Owe(crew, obligation);
            }
        }

        RunDue();
    }

    /// <summary>Has an obligation performed at once, if it is owed and its time has come.</summary>
    public void Poke(CrewId crew, ObligationKey key)
    {
        lock (_gate)
        {
            if (_owed.Find(crew, key) is { } entry)
            {
                _schedule.Put(entry);
            }
        }

        RunDue();
    }

    /// <summary>Something about a session changed: all that listens to it is performed again.</summary>
    public void Poke(Address address, TaskError? error = null, bool deleted = false)
    {
        lock (_gate)
        {
            foreach (var entry in _owed.Of(address))
            {
                entry.Performance.LastError = error ?? entry.Performance.LastError;
                entry.Performance.DeletedReported |= deleted;
                _schedule.Put(entry);
            }
        }

        RunDue();
    }

    /// <summary>The instance came up, or was down for too long: whatever needs it is performed.</summary>
    public void PokeInstance(string instance)
    {
        lock (_gate)
        {
            foreach (var entry in Sabotage.LooksAtNothingAfterAGap ? [] : _owed.Of(instance))
            {
                entry.Performance.StartAfresh(_time.GetUtcNow());
                _schedule.Put(entry);
            }
        }

        RunDue();
    }

    /// <summary>What is known of an obligation, for explain; null when it is not owed.</summary>
    public (string? Reason, int Tries, DateTimeOffset? Next)? Look(CrewId crew, ObligationKey key)
    {
        lock (_gate)
        {
            return _owed.Find(crew, key) is { } entry
                ? (entry.Parked ? Performed.InstanceDown : entry.Performance.Reason, entry.Performance.Failures, _schedule.NextOf(entry))
                : null;
        }
    }

    /// <summary>Waits until nothing is being performed; what is due later stays owed. What is being performed when the caller waits no longer is broken off.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_gate)
        {
            _started = false;
            running = [.. _running.Select(r => r.Task)];
        }

        _stopping.Cancel();
        var impatient = new TaskCompletionSource(); // one that continues asynchronously would complete what waits for either on the thread pool
        await using var cancelled = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), impatient);
        var ended = await Task.WhenAny(Task.WhenAll(running), impatient.Task);
        if (ended == impatient.Task)
        {
            _cuttingOff.Cancel();
        }

        await ended;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _timer.DisposeAsync();
        _stopping.Dispose();
        _cuttingOff.Dispose();
    }

    private void Owe(CrewId crew, Obligation obligation)
    {
        if (_owed.Find(crew, obligation.Key) is { } entry)
        {
            entry.Performance.Obligation = obligation;
        }
        else
        {
            entry = new Entry(new Performance(crew, obligation, Listen, _cutOff));
            _owed.Add(entry);
            EngineMeters.Owed.Add(1, EngineMeters.Kind(obligation.Kind));
        }

        _schedule.SetDue(entry);
        _schedule.Put(entry);
    }

    private void Settle(CrewId crew, ObligationKey key)
    {
        if (_owed.Remove(crew, key) is { } entry)
        {
            entry.Gone = true;
            entry.Stamp++;
            EngineMeters.Owed.Add(-1, EngineMeters.Kind(key.Kind));
        }
    }

    private void Listen(Performance performance, Address address)
    {
        lock (_gate)
        {
            if (_owed.Find(performance.Crew, performance.Obligation.Key) is { } entry)
            {
                _owed.Listen(entry, address);
            }
        }
    }

    /// <summary>
    /// Starts all that is due and sets the timer for the next; called after every change. One caller drains at a time: a performer that
    /// completes at once comes back here, and must not deepen the stack.
    /// </summary>
    private void RunDue()
    {
        lock (_gate)
        {
            _drainAgain = true;
            if (_draining)
            {
                return;
            }

            _draining = true;
        }

        while (true)
        {
            Entry? entry;
            lock (_gate)
            {
                entry = _started ? TakeDue() : null;
                if (entry is null && !(_started && _drainAgain))
                {
                    _draining = false;
                    return;
                }

                _drainAgain = _drainAgain && entry is not null;
            }

            if (entry is not null)
            {
                _ = PerformAsync(entry);
            }
        }
    }

    private Entry? TakeDue()
    {
        HeedJump();
        while (_schedule.Take() is { } entry)
        {
            if (entry.Performance.Obligation.Instance is { } instance && !_isReady(instance) && !Sabotage.TriesWhileTheInstanceIsDown)
            {
                entry.Parked = true;
            }
            else if (_turns.Take(entry))
            {
                entry.Run = new TaskCompletionSource();
                _running.Add(entry.Run);
                return entry;
            }
        }

        if (_schedule.Sleep(_owed.Deadlines.Count > 0) is { } sleep)
        {
            _timer.Change(sleep, Timeout.InfiniteTimeSpan);
        }

        return null;
    }

    private void HeedJump()
    {
        if (!_schedule.HasJumped())
        {
            return;
        }

        foreach (var entry in _owed.Deadlines)
        {
            _schedule.SetDue(entry);
            _schedule.Put(entry);
        }
    }

    private async Task PerformAsync(Entry entry)
    {
        var run = entry.Run!;
        End(entry, await _performers.PerformAsync(entry.Performance, _stop));
        RunDue();
        run.SetResult();
    }

    private void End(Entry entry, Performed performed)
    {
        lock (_gate)
        {
            _running.Remove(entry.Run!);
            entry.Run = null;
            if (!entry.Gone)
            {
                Continue(entry, performed);
            }

            foreach (var next in _turns.GiveBack(entry).Where(e => !e.Gone && !Sabotage.ForgetsWhatStoodBehind))
            {
                _schedule.Put(next);
            }
        }
    }

    private void Continue(Entry entry, Performed performed)
    {
        var performance = entry.Performance;
        performance.Failures = performed is Performed.BackOff ? performance.Failures + 1 : 0;
        performance.Reason = performed.Reason;
        var again = entry.Again;
        entry.Again = false;
        switch (performed)
        {
            case Performed.BackOff when !Sabotage.DropsWhatDidNotWork:
                // A signal does not shorten the wait of what did not work, or a chatty session would make a storm of it.
                _schedule.Put(entry, _time.GetUtcNow() + BackOff(performance.Failures));
                break;
            case var _ when again:
                _schedule.Put(entry);
                break;
            case Performed.At at:
                _schedule.Put(entry, at.Time);
                break;
        }
    }

    /// <summary>1, 2, 4 ... seconds up to the cap, each between a half and the whole of it.</summary>
    private TimeSpan BackOff(int failures)
    {
        var seconds = Math.Min(Math.Pow(2, Math.Min(failures - 1, 20)), _options.LongestBackoff.TotalSeconds);
        var whole = Sabotage.BacksOffForDays ? TimeSpan.FromDays(seconds) : Sabotage.NeverBacksOff ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);
        return whole * (0.5 + (_random.NextDouble() / 2));
    }
}
