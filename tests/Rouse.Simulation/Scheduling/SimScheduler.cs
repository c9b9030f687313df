namespace Rouse.Simulation;

/// <summary>
/// Runs asynchronous code on one thread in virtual time: synchronization context, task scheduler and clock in one. What is ready runs in an
/// order drawn from the seed, so that one seed is one interleaving. Time stands still while anything is ready.
/// </summary>
public sealed class SimScheduler : TimeProvider
{
    /// <summary>Reports of work outside the scheduler are waited for this long before a standstill is called a deadlock.</summary>
    private static readonly TimeSpan ForeignPatience = TimeSpan.FromMilliseconds(200);

    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly PriorityQueue<(SimTimer Timer, long Stamp), (long Due, long Order)> _timers = new();
    private readonly Scheduler _scheduler;
    private readonly ManualResetEventSlim _foreignSeen = new();
    private readonly long _start;
    private Exception? _failure;
    private string? _foreign;
    private (long Step, Action Action) _planned = (long.MaxValue, () => { });
    private int _thread;
    private long _now;
    private long _order;

    public SimScheduler(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
        _start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;
        _now = _start;
        _scheduler = new Scheduler(this);
    }

    public int Seed { get; }

    /// <summary>The one source of randomness of everything that is simulated.</summary>
    public Random Random { get; }

    /// <summary>So many steps without any advance of time are a hot loop.</summary>
    public int MostStepsAtOneInstant { get; init; } = 200_000;

    /// <summary>So many steps in all are a life that comes to no end.</summary>
    public long MostSteps { get; init; } = 3_000_000;

    public long Steps { get; private set; }

    /// <summary>A hash over every step so far: what ran, and when. Two runs with the same trace took the same way.</summary>
    public ulong Trace { get; private set; } = 14695981039346656037;

    public TimeSpan Elapsed => TimeSpan.FromTicks(_now - _start);

    /// <summary>When the next timer fires; null when none is set.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            while (_timers.TryPeek(out var item, out var key))
            {
                if (item.Stamp == item.Timer.Stamp)
                {
                    return new DateTimeOffset(key.Due, TimeSpan.Zero);
                }

                _timers.Dequeue();
            }

            return null;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs until the work is complete. Throws what it throws, and for a deadlock, a hot loop, the time limit or work on another thread.</summary>
    public void Run(Func<Task> work, TimeSpan limit)
    {
        _thread = Environment.CurrentManagedThreadId;
        var before = SynchronizationContext.Current;
        Enter();
        try
        {
            var main = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
            var stepsHere = 0;
            while (!main.IsCompleted)
            {
                if (_ready.Count > 0)
                {
                    if (++stepsHere > MostStepsAtOneInstant)
                    {
                        throw new SimulationException($"hot loop: {stepsHere} steps without any advance of time", rule: Rule.NoStorm);
                    }

                    RunOne();
                }
                else
                {
                    var was = _now;
                    AdvanceToNextTimer(limit);
                    stepsHere = _now == was ? stepsHere + 1 : 0;
                    if (stepsHere > MostStepsAtOneInstant)
                    {
                        throw new SimulationException($"hot loop: {stepsHere} timers without any advance of time", rule: Rule.NoStorm);
                    }
                }

                if (Steps > MostSteps)
                {
                    throw new SimulationException($"endless: {Steps} steps", rule: Rule.Liveness);
                }

                ThrowIfFailed();
                if (Steps >= _planned.Step)
                {
                    _planned.Step = long.MaxValue;
                    Enter();
                    _planned.Action();
                }
            }

            main.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Makes something that happened a part of the trace.</summary>
    public void Note(string what)
    {
        foreach (var c in what)
        {
            Trace = (Trace ^ c) * 1099511628211;
        }
    }

    /// <summary>Ends the run after this step, whoever may swallow the exception on its way.</summary>
    public void Fail(Exception error) => _failure ??= error;

    /// <summary>Does something right after the n-th step: between two steps every piece of code is at an await.</summary>
    public void AtStep(long step, Action action) => _planned = (step, action);

    internal void Set(SimTimer timer, TimeSpan due) => _timers.Enqueue((timer, timer.Stamp), (_now + due.Ticks, ++_order));

    private void RunOne()
    {
        var index = Random.Next(_ready.Count);
        var (callback, state) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Step(index);
        Enter();
        callback(state);
    }

    /// <summary>
    /// Each step has a context of its own. What awaits in one step is therefore never gone on with inside another one: it is posted, and every
    /// await is a place where anything else may come in between, or the node may die.
    /// </summary>
    private void Enter() => SynchronizationContext.SetSynchronizationContext(new Context(this));

    private void Step(long what)
    {
        Steps++;
        Trace = (Trace ^ (ulong)what) * 1099511628211;
    }

    private void AdvanceToNextTimer(TimeSpan limit)
    {
        while (_timers.TryDequeue(out var item, out var key))
        {
            if (item.Stamp != item.Timer.Stamp)
            {
                continue;
            }

            _now = Math.Max(_now, key.Due);
            if (Elapsed > limit)
            {
                throw new SimulationException($"the time limit of {limit} was reached", rule: Rule.Liveness);
            }

            Step(_now);
            Enter();
            item.Timer.Fire();
            return;
        }

        if (!_foreignSeen.Wait(ForeignPatience))
        {
            throw new SimulationException("deadlock: nothing is ready and no timer is set", rule: Rule.Liveness);
        }
    }

    private void Post(SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _foreign ??= Environment.StackTrace;
            _foreignSeen.Set();
            return;
        }

        _ready.Add((callback, state));
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }

        if (Volatile.Read(ref _foreign) is { } stack)
        {
            throw new SimulationException($"work left the scheduler and came back from another thread:\n{stack}");
        }
    }

    private sealed class Context(SimScheduler owner) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => owner.Post(d, state);

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class Scheduler(SimScheduler owner) : TaskScheduler
    {
        private SendOrPostCallback? _execute;

        protected override void QueueTask(Task task) => owner.Post(_execute ??= t => TryExecuteTask((Task)t!), task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
