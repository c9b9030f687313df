using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Holds what is owed and has each obligation performed when it is due. It never polls: it sleeps until the next due time or a signal.
/// Obligations that need an instance wait, without tries, while the instance is down.
/// </summary>
internal sealed partial class ObligationPump : IAsyncDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(7);

    /// <summary>The time of day was set when it moves this far against the steady time.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(CrewId, ObligationKey), Entry> _entries = [];
    private readonly Dictionary<Subject, Entry> _busy = [];
    private readonly Dictionary<Subject, List<Entry>> _behind = [];
    private readonly Dictionary<string, HashSet<Entry>> _byInstance = new(StringComparer.Ordinal);
    private readonly Dictionary<Address, HashSet<Entry>> _byAddress = [];
    private readonly PriorityQueue<(Entry Entry, long Stamp), (long Due, long Order)> _due = new();
    private readonly Dictionary<ObligationKind, IPerformer> _performers;
    private readonly HashSet<Task> _running = [];
    private readonly Func<string, bool> _isReady;
    private readonly EngineOptions _options;
    private readonly TimeProvider _clock;
    private readonly SteadyTime _time;
    private readonly Random _random;
    private readonly ILogger<ObligationPump> _log;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private TimeSpan _ahead;
    private long _order;
    private bool _started;
    private bool _draining;
    private bool _drainAgain;

    /// <param name="clock">The time of day, by which dues are written down.</param>
    /// <param name="time">The steady time, by which they are waited for.</param>
    public ObligationPump(
        IEnumerable<IPerformer> performers, Func<string, bool> isReady, EngineOptions options, TimeProvider clock, SteadyTime time, Random random,
        ILogger<ObligationPump> log)
    {
        _performers = performers.ToDictionary(p => p.Kind);
        (_isReady, _options, _clock, _time, _random, _log) = (isReady, options, clock, time, random, log);
        _ahead = clock.GetUtcNow() - time.GetUtcNow();
        _timer = time.CreateTimer(_ => RunDue(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Kinds that the pump performs; the others wait for lanes.</summary>
    public bool Performs(ObligationKind kind) => _performers.ContainsKey(kind);

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
                if (_entries.Remove((crew, key), out var entry))
                {
                    Forget(entry);
                }
            }

            foreach (var obligation in owed)
            {
                if (!Performs(obligation.Kind))
                {
                    continue;
                }

                if (_entries.TryGetValue((crew, obligation.Key), out var entry))
                {
                    entry.Performance.Obligation = obligation;
                    entry.Due = DueOf(obligation);
                }
                else
                {
                    entry = Add(crew, obligation);
                }

                Schedule(entry, entry.Due);
            }
        }

        RunDue();
    }

    /// <summary>Takes over all that a crew owes, after its commits were not all seen here.</summary>
    public void Replace(CrewId crew, IReadOnlyList<Obligation> owed)
    {
        List<ObligationKey> over;
        List<Obligation> changed;
        lock (_gate)
        {
            var keys = owed.Select(o => o.Key).ToHashSet();
            over = [.. _entries.Keys.Where(k => k.Item1 == crew && !keys.Contains(k.Item2)).Select(k => k.Item2)];

            // What is unchanged keeps its schedule: a store that fails again and again must not have everything tried at once each time.
            changed = [.. owed.Where(o => !_entries.TryGetValue((crew, o.Key), out var known) || !known.Performance.Obligation.Equals(o))];
        }

        Update(crew, changed, over);
    }

    /// <summary>Has an obligation performed at once, if it is owed and its time has come.</summary>
    public void Poke(CrewId crew, ObligationKey key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((crew, key), out var entry))
            {
                Schedule(entry, entry.Due);
            }
        }

        RunDue();
    }

    /// <summary>Something about a session changed: all that listens to it is performed again.</summary>
    public void Poke(Address address, TaskError? error = null, bool deleted = false)
    {
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(address, out var entries))
            {
                return;
            }

            foreach (var entry in entries)
            {
                entry.Performance.LastError = error ?? entry.Performance.LastError;
                entry.Performance.DeletedReported |= deleted;
                Schedule(entry, entry.Due);
            }
        }

        RunDue();
    }

    /// <summary>The instance came up, or was down for too long: whatever needs it is performed.</summary>
    public void PokeInstance(string instance)
    {
        lock (_gate)
        {
            foreach (var entry in Sabotage.LooksAtNothingAfterAGap ? [] : _byInstance.GetValueOrDefault(instance) ?? [])
            {
                entry.Performance.StartAfresh(_time.GetUtcNow());
                Schedule(entry, entry.Due);
            }
        }

        RunDue();
    }

    /// <summary>What is known of an obligation, for explain; null when it is not owed.</summary>
    public (string? Reason, int Tries, DateTimeOffset? Next)? Look(CrewId crew, ObligationKey key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue((crew, key), out var entry)
                ? (entry.Parked ? "instance-down" : entry.Performance.Reason, entry.Performance.Failures, entry.NextAt == DateTimeOffset.MaxValue ? null : entry.NextAt + _ahead)
                : null;
        }
    }

    /// <summary>Waits until nothing is being performed; what is due later stays owed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_gate)
        {
            _started = false;
            running = [.. _running];
        }

        _stopping.Cancel();
        var impatient = new TaskCompletionSource(); // one that continues asynchronously would complete what waits for either on the thread pool
        await using var cancelled = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), impatient);
        await await Task.WhenAny(Task.WhenAll(running), impatient.Task);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _timer.DisposeAsync();
        _stopping.Dispose();
    }

    private Entry Add(CrewId crew, Obligation obligation)
    {
        var entry = new Entry(new Performance(crew, obligation, Listen)) { Due = DueOf(obligation) };
        _entries[(crew, obligation.Key)] = entry;
        EngineMeters.Owed.Add(1, Tag(obligation.Kind));
        if (obligation.Instance is { } instance)
        {
            (_byInstance.TryGetValue(instance, out var all) ? all : _byInstance[instance] = []).Add(entry);
        }

        return entry;
    }

    private void Forget(Entry entry)
    {
        entry.Gone = true;
        entry.Stamp++;
        EngineMeters.Owed.Add(-1, Tag(entry.Performance.Obligation.Kind));
        if (entry.Performance.Obligation.Instance is { } instance)
        {
            _byInstance[instance].Remove(entry);
        }

        Unlisten(entry);
    }

    private void Listen(Performance performance, Address address)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((performance.Crew, performance.Obligation.Key), out var entry) || entry.Address == address)
            {
                return;
            }

            Unlisten(entry);
            entry.Address = address;
            (_byAddress.TryGetValue(address, out var all) ? all : _byAddress[address] = []).Add(entry);
        }
    }

    private void Unlisten(Entry entry)
    {
        if (entry.Address is { } address && _byAddress.TryGetValue(address, out var entries))
        {
            entries.Remove(entry);
            if (entries.Count == 0)
            {
                _byAddress.Remove(address);
            }
        }
    }

    private void Schedule(Entry entry, DateTimeOffset at)
    {
        if (entry.Running)
        {
            entry.Again = true;
            return;
        }

        entry.NextAt = at;
        entry.Stamp++;
        entry.Parked = false;
        _due.Enqueue((entry, entry.Stamp), (at.UtcTicks, ++_order));
    }

    /// <summary>Only a deadline is a time of day. Anything else waits for so long, and not until the clock says so.</summary>
    private DateTimeOffset DueOf(Obligation o)
    {
        var clock = _clock.GetUtcNow();
        var wait = o.Kind != ObligationKind.Deadline ? Wake.WaitUntil(o.Due, clock, _options.Rules) : o.Due > clock ? o.Due - clock : TimeSpan.Zero;
        return _time.GetUtcNow() + wait;
    }

    /// <summary>Deadlines come sooner when the clock was set forward, or the computer slept, and later when it was set back.</summary>
    private void HeedJump(DateTimeOffset now)
    {
        var ahead = _clock.GetUtcNow() - now;
        if ((ahead - _ahead).Duration() < Jump)
        {
            return;
        }

        _ahead = ahead;
        foreach (var entry in _entries.Values.Where(e => e.Performance.Obligation.Kind == ObligationKind.Deadline && !e.Running))
        {
            entry.Due = DueOf(entry.Performance.Obligation);
            Schedule(entry, entry.Due);
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
                Begin(entry);
            }
        }
    }

    private Entry? TakeDue()
    {
        var now = _time.GetUtcNow();
        HeedJump(now);
        while (_due.TryPeek(out var item, out var key))
        {
            if (item.Stamp != item.Entry.Stamp)
            {
                _due.Dequeue();
                continue;
            }

            if (key.Due > now.UtcTicks)
            {
                _timer.Change(Sleep(TimeSpan.FromTicks(key.Due - now.UtcTicks)), Timeout.InfiniteTimeSpan);
                return null;
            }

            _due.Dequeue();
            var entry = item.Entry;
            entry.NextAt = DateTimeOffset.MaxValue;
            if (entry.Performance.Obligation.Instance is { } instance && !_isReady(instance) && !Sabotage.TriesWhileTheInstanceIsDown)
            {
                entry.Parked = true;
                continue;
            }

            var subject = Subject.Of(entry.Performance);
            if (_busy.ContainsKey(subject))
            {
                (_behind.TryGetValue(subject, out var queue) ? queue : _behind[subject] = []).Add(entry);
                continue;
            }

            _busy[subject] = entry;
            entry.Running = true;
            return entry;
        }

        return null;
    }

    private void Begin(Entry entry)
    {
        var run = PerformAsync(entry);
        lock (_gate)
        {
            if (!run.IsCompleted)
            {
                _running.Add(run);
                _ = ForgetRunAsync(run);
            }
        }
    }

    private async Task ForgetRunAsync(Task run)
    {
        await run;
        lock (_gate)
        {
            _running.Remove(run);
        }
    }

    private async Task PerformAsync(Entry entry)
    {
        var performance = entry.Performance;
        var started = _time.GetTimestamp();
        Performed performed;
        try
        {
            performed = await _performers[performance.Obligation.Kind].PerformAsync(performance, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            performed = Performed.Wait;
        }
        catch (JournalUnavailableException error)
        {
            performed = new Performed.BackOff(error.Message);
        }
        catch (Exception error)
        {
            // A defect in a performer must not lose what is owed: it stays owed, is tried again, and people see it in the log.
            LogFailed(error, performance.Obligation.Kind, performance.Crew, performance.Obligation.Subject);
            performed = new Performed.BackOff(error.Message);
        }

        EngineMeters.Performed.Add(1, Tag(performance.Obligation.Kind), new KeyValuePair<string, object?>("result", performed.GetType().Name));
        EngineMeters.PerformDuration.Record(_time.GetElapsedTime(started).TotalSeconds, Tag(performance.Obligation.Kind));
        End(entry, performed);
        RunDue();
    }

    private void End(Entry entry, Performed performed)
    {
        lock (_gate)
        {
            var subject = Subject.Of(entry.Performance);
            entry.Running = false;
            _busy.Remove(subject);
            if (!entry.Gone)
            {
                Continue(entry, performed);
            }

            if (_behind.Remove(subject, out var waiting))
            {
                foreach (var next in waiting.Where(e => !e.Gone))
                {
                    Schedule(next, next.Due);
                }
            }
        }
    }

    private void Continue(Entry entry, Performed performed)
    {
        var performance = entry.Performance;
        performance.Failures = performed is Performed.BackOff ? performance.Failures + 1 : 0;
        performance.Reason = performed is Performed.BackOff b ? b.Reason : performance.Reason;
        var again = entry.Again;
        entry.Again = false;
        switch (performed)
        {
            case Performed.BackOff when !Sabotage.DropsWhatDidNotWork:
                // A signal does not shorten the wait of what did not work, or a chatty session would make a storm of it.
                Schedule(entry, Later(_time.GetUtcNow() + BackOff(performance.Failures), entry.Due));
                break;
            case var _ when again:
                Schedule(entry, entry.Due);
                break;
            case Performed.At at:
                Schedule(entry, Later(at.Time, entry.Due));
                break;
        }
    }

    /// <summary>Timers cut to whole milliseconds, and would come back before the time over and over; they reach some weeks ahead, and no further.</summary>
    private static TimeSpan Sleep(TimeSpan until) =>
        until < LongestSleep ? TimeSpan.FromMilliseconds(Math.Ceiling(until.TotalMilliseconds)) : LongestSleep;

    /// <summary>1, 2, 4 ... seconds up to the cap, each between a half and the whole of it.</summary>
    private TimeSpan BackOff(int failures)
    {
        var seconds = Math.Min(Math.Pow(2, Math.Min(failures - 1, 20)), _options.LongestBackoff.TotalSeconds);
        var whole = Sabotage.BacksOffForDays ? TimeSpan.FromDays(seconds) : TimeSpan.FromSeconds(seconds);
        lock (_gate)
        {
            return whole * (0.5 + (_random.NextDouble() / 2));
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static KeyValuePair<string, object?> Tag(ObligationKind kind) => new("kind", kind.ToString());

    [LoggerMessage(Level = LogLevel.Error, Message = "Performing {Kind} of {Crew} {Subject} failed; it stays owed")]
    private partial void LogFailed(Exception error, ObligationKind kind, CrewId crew, int subject);

    /// <summary>What must not be worked on twice at the same time: an attempt, whatever is owed for it, or a wake.</summary>
    private readonly record struct Subject(CrewId Crew, bool IsWake, int Number, int Attempt)
    {
        public static Subject Of(Performance p) => new(
            p.Crew, p.Obligation.Kind is ObligationKind.Deliver or ObligationKind.Confirm, p.Obligation.Subject,
            p.Obligation.Kind == ObligationKind.Deadline ? -1 : p.Obligation.Attempt);
    }

    private sealed class Entry(Performance performance)
    {
        public Performance Performance { get; } = performance;

        public Address? Address { get; set; }

        /// <summary>Not before, by the steady time.</summary>
        public DateTimeOffset Due { get; set; }

        public DateTimeOffset NextAt { get; set; } = DateTimeOffset.MaxValue;

        public long Stamp { get; set; }

        public bool Running { get; set; }

        /// <summary>Something changed while it was being performed.</summary>
        public bool Again { get; set; }

        /// <summary>Waits for its instance.</summary>
        public bool Parked { get; set; }

        public bool Gone { get; set; }
    }
}
