using System.Runtime.CompilerServices;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// One life of a node: the real engine between a journal and harnesses that outlive it. When it dies it does nothing more: its timers do not
/// fire, its calls do not answer.
/// </summary>
public sealed class SimNode
{
    private readonly World _world;
    private readonly string _name;
    private readonly TaskCompletionSource _died = new();

    public SimNode(World world, string name)
    {
        (_world, _name) = (world, name);
        Engine = new RouseEngine(
            new Journal(this), [.. world.Harnesses.Values.Select(h => new Harness(this, h))], world.Options, new Time(this), new Random(world.Time.Random.Next()),
            new StoryLog(world.Story, name));
    }

    public RouseEngine Engine { get; }

    public IBackgroundAgents Agents => Engine.Agents;

    public bool IsDead { get; private set; }

    public Task Died => _died.Task;

    public void Kill()
    {
        if (!IsDead)
        {
            IsDead = true;
            _world.Story.Tell($"{_name} is killed");
            _died.TrySetResult();
        }
    }

    /// <summary>Does something to the world, unless the node dies before or after it.</summary>
    private async Task<T> ActAsync<T>(string name, Func<Task<T>> work)
    {
        await AliveAsync();
        var act = _world.Count(name);
        await DieIfPlannedAsync(new CrashPoint(act.Number, After: false));
        var result = await work();
        await DieIfPlannedAsync(new CrashPoint(act.Number, After: true));
        await AliveAsync();
        return result;
    }

    private async Task<T> ReadAsync<T>(Func<ValueTask<T>> work)
    {
        await AliveAsync();
        var result = await work();
        await AliveAsync();
        return result;
    }

    private Task DieIfPlannedAsync(CrashPoint point)
    {
        if (_world.Crashes.Remove(point))
        {
            Kill();
        }

        return AliveAsync();
    }

    /// <summary>Never completes once the node is dead.</summary>
    private Task AliveAsync() => IsDead ? new TaskCompletionSource().Task : Task.CompletedTask;

    private sealed class Time(SimNode node) : TimeProvider
    {
        private SimScheduler Scheduler => node._world.Time;

        public override long TimestampFrequency => Scheduler.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Scheduler.GetUtcNow();

        public override long GetTimestamp() => Scheduler.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer? timer = null;
            timer = Scheduler.CreateTimer(Fire, state: null, dueTime, period);
            return timer;

            void Fire(object? _)
            {
                if (node.IsDead)
                {
                    timer?.Dispose();
                    return;
                }

                node.TimersFired++;
                callback(state);
            }
        }
    }

    /// <summary>How often a timer of the node has fired.</summary>
    public int TimersFired { get; private set; }

    private sealed class Journal(SimNode node) : IJournal
    {
        private MemoryJournal Inner => node._world.Journal;

        public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) =>
            new(node.ActAsync($"commit {string.Join(", ", commit.Events.Select(e => e.Type))}", async () =>
            {
                var result = await Inner.CommitAsync(commit, cancellationToken);
                node._world.Story.Tell($"{node._name} commit {string.Join(", ", commit.Events.Select(e => e.Type))} -> {(result is CommitResult.Committed ? "ok" : result)}");
                return result;
            }));

        public ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.LoadAsync(crew, cancellationToken)));

        public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.ReadAsync(after, most, cancellationToken)));

        public ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.PositionsAsync(cancellationToken)));

        public ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.ObligationsAsync(after, most, cancellationToken)));

        public ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.SlotsAsync(cancellationToken)));

        public ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.ReadBodyAsync(hash, cancellationToken)));

        public ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindSessionAsync(session, cancellationToken)));

        public ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindSessionAsync(address, cancellationToken)));

        public ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.SessionsAsync(after, most, cancellationToken)));

        public ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindTaskAsync(task, cancellationToken)));

        public ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindTaskAsync(from, key, cancellationToken)));

        public ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.TasksAsync(query, cancellationToken)));

        public ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.NoticesAsync(session, cancellationToken)));

        public ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.FindWakeAsync(wake, cancellationToken)));

        public ValueTask<IReadOnlyList<WakeRow>> WakesAsync(SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken) =>
            new(node.ReadAsync(() => Inner.WakesAsync(session, deadLettered, after, most, cancellationToken)));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Harness(SimNode node, SimHarness inner) : IHarness
    {
        public string Instance => inner.Instance;

        public HarnessGrade Grade => inner.Grade;

        public ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken) =>
            new(node.ActAsync("create", () => inner.CreateSessionAsync(session, cancellationToken).AsTask()));

        public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken) =>
            new(node.ActAsync("deliver", () => inner.DeliverAsync(session, prompt, cancellationToken).AsTask()));

        public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken) =>
            new(node.ActAsync("find", () => inner.FindDeliveryAsync(session, key, cancellationToken).AsTask()));

        public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken) =>
            new(node.ActAsync("inspect", () => inner.InspectAsync(session, cancellationToken).AsTask()));

        public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken) =>
            new(node.ActAsync("abort", () => inner.AbortAsync(session, cancellationToken).AsTask()));

        public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var signal in inner.WatchAsync(cancellationToken))
            {
                await node.AliveAsync();
                yield return signal;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
