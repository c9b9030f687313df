using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Starts what waits for lanes when a lane changes: a wake into a settling task's session before new attempts, then the highest priority, then
/// the crew with the fewest running there, then the oldest. The commit itself is guarded by the lanes' limits; this only chooses.
/// </summary>
internal sealed partial class LaneScheduler : IDisposable
{
    /// <summary>A waiting task rises one step of priority in this time, so that a steady high load cannot starve it.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    /// <summary>All that waits is gone through at most this often, so that what waits long rises at most this late.</summary>
    private static readonly TimeSpan ShortestRound = TimeSpan.FromMinutes(1);

    /// <summary>After a commit that did not work, before the next try; doubled for every one in a row.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<(CrewId, ObligationKey), Waiting> _waiting = [];
    private readonly Dictionary<QueueName, LaneQueue> _queues = [];
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Whose start came to nothing: back in their queues when something changes, or by the timer, and not before.</summary>
    private readonly List<Waiting> _failed = [];
    private readonly Func<CrewId, Input, Task<Reply>> _submit;
    private readonly Func<string, bool> _isReady;
    private readonly LaneLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<LaneScheduler> _log;
    private readonly ITimer _timer;
    private DateTimeOffset _nextRound = DateTimeOffset.MaxValue;
    private TimeSpan _retryAfter = RetryAfter;
    private bool _started;
    private bool _draining;
    private bool _drainAgain;

    /// <param name="isReady">Whether an instance can be reached: what would only wait for it takes no slot from others.</param>
    public LaneScheduler(
        Func<CrewId, Input, Task<Reply>> submit, Func<string, bool> isReady, LaneLimits limits, TimeProvider time, ILogger<LaneScheduler> log)
    {
        (_submit, _isReady, _limits, _time, _log) = (submit, isReady, limits, time, log);
        _timer = time.CreateTimer(_ => OnTimer(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static bool Schedules(ObligationKind kind) => kind is ObligationKind.Queue or ObligationKind.Resume;

    /// <summary>Takes over which attempts hold slots at the start.</summary>
    public void Load(IEnumerable<Slot> slots)
    {
        lock (_gate)
        {
            foreach (var slot in slots)
            {
                LaneOf(slot.Lane).Take(slot.Task, slot.Attempt);
            }
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            _started = true;
        }

        Drain();
    }

    /// <summary>An instance came up: what waited for it may start.</summary>
    public void PokeInstance(string instance) => Drain();

    /// <summary>New tasks stay queued from here on.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _started = false;
        }
    }

    /// <summary>Takes over the difference that a commit made.</summary>
    public void Update(CrewId crew, Commit? commit, IReadOnlyList<Obligation> owed, IReadOnlyList<ObligationKey> settled)
    {
        var changed = false;
        lock (_gate)
        {
            foreach (var slot in commit?.SlotsTaken ?? [])
            {
                LaneOf(slot.Lane).Take(slot.Task, slot.Attempt);
            }

            foreach (var slot in Sabotage.MissesFreedSlots ? [] : commit?.SlotsFreed ?? [])
            {
                LaneOf(slot.Lane).Free(slot.Task, slot.Attempt);
                changed = true;
            }

            if (changed)
            {
                Refile(crew);
            }

            foreach (var key in settled)
            {
                Remove((crew, key));
            }

            foreach (var obligation in owed.Where(o => Schedules(o.Kind)))
            {
                Remove((crew, obligation.Key));
                Add(crew, obligation);
                changed = true;
            }
        }

        if (changed)
        {
            Drain();
        }
    }

    /// <summary>Takes over all that a crew has waiting and holds, after its commits were not all seen here.</summary>
    public void Replace(CrewId crew, IReadOnlyList<Obligation> owed, IReadOnlyList<Slot> held)
    {
        lock (_gate)
        {
            foreach (var lane in _lanes.Values)
            {
                lane.Forget(crew);
            }

            foreach (var slot in held)
            {
                LaneOf(slot.Lane).Take(slot.Task, slot.Attempt);
            }

            Refile(crew);
            var now = owed.Where(o => Schedules(o.Kind)).ToDictionary(o => o.Key);
            foreach (var (key, waiting) in _waiting.Where(w => w.Key.Item1 == crew).ToList())
            {
                // One that is unchanged goes on waiting, or its start goes on: it must not be chosen a second time beside it.
                if (!now.Remove(key.Item2, out var same) || !same.Equals(waiting.Obligation))
                {
                    Remove(key);
                }
            }

            owed = [.. owed.Where(o => Schedules(o.Kind) && !_waiting.ContainsKey((crew, o.Key)))];
        }

        Update(crew, commit: null, owed, []);
        Drain();
    }

    /// <summary>The place of a queued attempt from 1, in the order in which its lanes would start what waits; null when it does not wait.</summary>
    public int? PlaceOf(TaskId task, int attempt)
    {
        lock (_gate)
        {
            var key = (task.Crew, new ObligationKey(ObligationKind.Queue, task.Number, attempt));
            return _waiting.TryGetValue(key, out var waiting) && !waiting.IsChosen
                ? (Sabotage.CountsPlacesFromZero ? 0 : 1) + _queues.Where(q => q.Key.Lanes == waiting.Queue.Lanes).Sum(q => q.Value.Before(waiting))
                : null;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Add(CrewId crew, Obligation o)
    {
        var lanes = o.Lanes.IsDefaultOrEmpty ? [LaneLimits.DefaultLane] : o.Lanes;
        var name = new QueueName(string.Join('\n', lanes), o.Instance);
        var waiting = new Waiting(crew, o, name, [.. lanes.Select(LaneOf)]) { Level = LevelOf(o) };
        _waiting[(crew, o.Key)] = waiting;
        (_queues.TryGetValue(name, out var queue) ? queue : _queues[name] = new LaneQueue()).Add(waiting);
        AwaitLevels(ToNextLevel(o));
    }

    private void Remove((CrewId, ObligationKey) key)
    {
        if (_waiting.Remove(key, out var waiting))
        {
            _queues[waiting.Queue].Remove(waiting);
        }
    }

    /// <summary>The crew may have fewer at work than it was filed under.</summary>
    private void Refile(CrewId crew)
    {
        foreach (var queue in _queues.Values)
        {
            queue.Refile(crew);
        }
    }

    private Lane LaneOf(string name) => _lanes.TryGetValue(name, out var lane) ? lane : _lanes[name] = new Lane(_limits.LimitOf(name));

    private int LevelOf(Obligation o) => (Sabotage.IgnoresThePriority ? 0 : o.Priority) + (int)Math.Max(0, (_time.GetUtcNow() - o.Since) / Step);

    /// <summary>Goes through all that waits when the first of it rises, unless it is gone through sooner.</summary>
    private void AwaitLevels(TimeSpan next)
    {
        // Timers know whole milliseconds; one that fires a moment too early would find nothing risen.
        var after = (next < ShortestRound ? ShortestRound : next) + TimeSpan.FromMilliseconds(1);
        if (_time.GetUtcNow() + after < _nextRound)
        {
            _nextRound = _time.GetUtcNow() + after;
            _timer.Change(after, Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan ToNextLevel(Obligation o) => TimeSpan.FromTicks(Step.Ticks - (Math.Max(0, (_time.GetUtcNow() - o.Since).Ticks) % Step.Ticks));

    /// <summary>Raises what has waited long, and tries again what a failing store left waiting.</summary>
    private void OnTimer()
    {
        lock (_gate)
        {
            var next = Step;
            foreach (var waiting in _waiting.Values)
            {
                next = TimeSpan.FromTicks(Math.Min(next.Ticks, ToNextLevel(waiting.Obligation).Ticks));
                var level = LevelOf(waiting.Obligation);
                if (waiting.IsChosen)
                {
                    waiting.Level = level;
                }
                else if (level != waiting.Level)
                {
                    var queue = _queues[waiting.Queue];
                    queue.Remove(waiting);
                    waiting.Level = level;
                    queue.Add(waiting);
                }
            }

            _nextRound = DateTimeOffset.MaxValue;
            if (_waiting.Count > 0)
            {
                AwaitLevels(next);
            }
        }

        Drain();
    }

    private void Drain()
    {
        lock (_gate)
        {
            _drainAgain = true;
            if (_draining)
            {
                return;
            }

            _draining = true;
            foreach (var waiting in _failed.Where(w => _waiting.GetValueOrDefault((w.Crew, w.Obligation.Key)) == w))
            {
                _queues[waiting.Queue].Add(waiting);
            }

            _failed.Clear();
        }

        while (true)
        {
            List<Waiting> chosen;
            lock (_gate)
            {
                chosen = _started ? Choose() : [];
                if (chosen.Count == 0 && !(_started && _drainAgain))
                {
                    _draining = false;
                    return;
                }

                _drainAgain = _drainAgain && chosen.Count > 0;
            }

            foreach (var waiting in chosen)
            {
                _ = GrantAsync(waiting);
            }
        }
    }

    /// <summary>Takes from the queues all that has room, and promises it its slots so that nothing else is chosen for them.</summary>
    private List<Waiting> Choose()
    {
        var chosen = new List<Waiting>();
        while (_queues.Where(q => q.Key.Instance is not { } i || _isReady(i)).Select(q => q.Value.Next()).OfType<Waiting>().Order(Waiting.ByTurn).FirstOrDefault() is { } next)
        {
            chosen.Add(next);
            _queues[next.Queue].Remove(next);
            next.Choose();
        }

        return chosen;
    }

    private async Task GrantAsync(Waiting waiting)
    {
        var o = waiting.Obligation;
        Input input = o.Kind == ObligationKind.Queue
            ? new StartAttempt(waiting.Task, o.Attempt)
            : new ResumeTask(waiting.Task);
        var granted = false;
        try
        {
            granted = await _submit(waiting.Crew, input) is Reply.Done;
        }
        catch (CommitRefusedException)
        {
            // Another node has taken the slot: the lane's next change is the time for another try.
        }
        catch (Exception error)
        {
            LogFailed(error, waiting.Task);
        }

        End(waiting, granted);
    }

    private void End(Waiting waiting, bool granted)
    {
        lock (_gate)
        {
            waiting.EndChoice();
            Refile(waiting.Crew);
            if (granted)
            {
                _retryAfter = RetryAfter;
            }
            else if (_waiting.TryGetValue((waiting.Crew, waiting.Obligation.Key), out var still) && still == waiting && !Sabotage.ForgetsAStartThatFailed)
            {
                // Whatever else waits for these lanes would fare no better: all wait for the timer, and what fails at once is not chosen again at once.
                _failed.Add(waiting);
                _nextRound = _time.GetUtcNow() + _retryAfter;
                _timer.Change(_retryAfter, Timeout.InfiniteTimeSpan);
                _retryAfter = _retryAfter * 2 < LongestRetry ? _retryAfter * 2 : LongestRetry;
                return;
            }
        }

        // It was cancelled in the meantime, or with its start: what was promised to it is for the next one.
        Drain();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The start of {Task} could not be committed; it stays queued")]
    private partial void LogFailed(Exception error, TaskId task);
}
