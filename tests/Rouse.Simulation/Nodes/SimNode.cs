using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// One life of a node: the real engine between a journal and harnesses that outlive it. When it dies it does nothing more: its timers do not
/// fire, its calls do not answer. While it is paused it does nothing either, and all that came in meanwhile arrives at once when it goes on.
/// </summary>
public sealed partial class SimNode
{
    /// <summary>From when nobody waits for its stop any more until it is killed.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(1);

    private readonly World _world;
    private readonly string _name;
    private readonly TaskCompletionSource _died = new();
    private readonly Time _time;
    private readonly CancellationTokenSource _enough = new();
    private Task<bool>? _stopping;
    private TaskCompletionSource? _paused;

    public SimNode(World world, string name)
    {
        (_world, _name) = (world, name);
        _time = new Time(this);
        Engine = new RouseEngine(
            new Journal(this), [.. world.Harnesses.Values.Select(h => new Harness(this, h))], world.Options, _time, new Random(world.Time.Random.Next()),
            new StoryLog(world.Story, name));
    }

    public RouseEngine Engine { get; }

    public IBackgroundAgents Agents => Engine.Agents;

    public bool IsDead { get; private set; }

    public bool IsPaused => _paused is not null;

    public Task Died => _died.Task;

    /// <summary>How often a timer of the node has fired.</summary>
    public int TimersFired => _time.Fired;

    public void Kill()
    {
        if (!IsDead)
        {
            IsDead = true;
            _world.Kills += _stopping is { IsCompletedSuccessfully: true, Result: true } ? 0 : 1;
            _world.Story.Tell($"{_name} is killed");
            _world.Journal.Crash();
            foreach (var harness in _world.Harnesses.Values)
            {
                harness.ForgetCaller();
            }

            _died.TrySetResult();
        }
    }

    /// <summary>
    /// The process is told to stop, and ends when it has: by then all that it began is over. Whoever told it kills it when its patience is over. Told once
    /// more, it stops no sooner.
    /// </summary>
    /// <returns>Whether it has stopped in time.</returns>
    public async Task<bool> ShutDownAsync(TimeSpan patience)
    {
        _stopping ??= StopAsync();
        await Task.WhenAny(_stopping, _died.Task, Task.Delay(patience, _world.Time));
        _enough.Cancel();
        await Task.WhenAny(_stopping, _died.Task, Task.Delay(LastMoment, _world.Time));
        Kill();
        return _stopping.IsCompleted && await _stopping;
    }

    private async Task<bool> StopAsync()
    {
        await AwakeAsync();
        _world.Story.Tell($"{_name} is told to stop");
        try
        {
            await Engine.StopAsync(abort: false, _enough.Token);
            await Engine.DisposeAsync();
            return true;
        }
        catch (OperationCanceledException) when (_enough.IsCancellationRequested)
        {
            _world.Story.Tell($"{_name} has not stopped in time");
            return false;
        }
    }

    /// <summary>The process stands still: stopped by a signal, in a long garbage collection, in a laptop whose lid was closed.</summary>
    public void Pause()
    {
        if (_paused is null && !IsDead)
        {
            _world.Story.Tell($"{_name} stands still");
            _paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        if (_paused is { } paused && !IsDead)
        {
            _world.Story.Tell($"{_name} goes on");
            _paused = null;
            paused.SetResult();
            _time.FireHeld();
        }
    }

    /// <summary>Completes when the node can do something: at once, when it goes on, or never once it is dead.</summary>
    internal Task AwakeAsync() => IsDead ? NeverAsync() : _paused is null ? Task.CompletedTask : ResumedAsync();

    private static Task NeverAsync() => new TaskCompletionSource().Task;

    private async Task ResumedAsync()
    {
        while (_paused is { } paused)
        {
            await paused.Task;
        }

        await AwakeAsync();
    }

    /// <summary>Does something to the world, unless the node dies before or after it.</summary>
    private async Task<T> ActAsync<T>(string kind, Func<Task<T>> work, Commit? commit = null)
    {
        await AwakeAsync();
        var act = _world.Count(kind, commit);
        await ReachAsync(new CrashPoint(act.Number, After: false));
        var result = await AnswerAsync(work());
        await ReachAsync(new CrashPoint(act.Number, After: true));
        return result;
    }

    private async Task<T> ReadAsync<T>(Func<ValueTask<T>> work)
    {
        await AwakeAsync();
        return await AnswerAsync(work().AsTask());
    }

    /// <summary>What comes back to the node, answer or error, comes when it can take it.</summary>
    private async Task<T> AnswerAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        finally
        {
            await AwakeAsync();
        }
    }

    private Task ReachAsync(CrashPoint point)
    {
        _world.Reach(point);
        return AwakeAsync();
    }
}
