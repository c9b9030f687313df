using System.Collections.Immutable;
using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A simulated world: one clock, one journal, harnesses, and one node at a time that lives, dies and is started again.</summary>
public sealed class World : IDisposable
{
    /// <summary>The instance that most stories play on.</summary>
    public const string Main = "sim@main";

    /// <summary>A second instance, for stories that need one.</summary>
    public const string Far = "sim@far";

    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, SimHarness> _harnesses = new(StringComparer.Ordinal);
    private SimNode? _newest;
    private int _lives;
    private bool _over;

    /// <param name="isTold">Whether a story is kept.</param>
    /// <param name="journal">Makes the store; null for one in memory.</param>
    public World(int seed, bool isTold = true, Func<SimScheduler, SimJournal>? journal = null)
    {
        Time = new SimScheduler(seed);
        Story = new Story(Time, isTold);
        Journal = journal?.Invoke(Time) ?? new MemoryJournal(Time);
        Add(Main);
    }

    public SimScheduler Time { get; }

    public Story Story { get; }

    public SimJournal Journal { get; }

    /// <summary>The harness behind <see cref="Main"/>.</summary>
    public SimHarness Harness => _harnesses[Main];

    public IReadOnlyDictionary<string, SimHarness> Harnesses => _harnesses;

    public EngineOptions Options { get; set; } = new();

    /// <summary>Callers that are told that the store cannot be used, or that the node is stopping, ask again after a second.</summary>
    public bool AsksAgain { get; set; }

    /// <summary>Where the node is to die; it is started again each time.</summary>
    public HashSet<CrashPoint> Crashes { get; init; } = [];

    /// <summary>Told of everything that the node does to the world: before it reaches it, and after it has and before the node knows.</summary>
    public event Action<CrashPoint>? OnAct;

    /// <summary>What the node has done to the world.</summary>
    public List<Act> Acts { get; } = [];

    public SimNode Node { get; private set; } = null!;

    /// <summary>The node that lives, or lived last; it may still be starting, and works already.</summary>
    internal SimNode Newest => _newest!;

    public IBackgroundAgents Agents => Node.Agents;

    /// <summary>How far the nodes' time of day is ahead of the world's, or behind it. Harnesses keep the world's.</summary>
    public TimeSpan ClockIsOffBy { get; private set; }

    /// <summary>When that changed, and by how much it was off from then on.</summary>
    public List<(DateTimeOffset At, TimeSpan IsOffBy)> Jumps { get; } = [];

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>How many nodes have ended without having stopped in order.</summary>
    public int Kills { get; internal set; }

    /// <summary>Since when the node has lived, or stood still no more.</summary>
    public DateTimeOffset AwakeSince { get; private set; }

    /// <summary>Plays a story from its start to its end. What goes wrong is told with all that happened before.</summary>
    public static World Play(
        Func<World, Task> story, int seed = 1, Action<World>? prepare = null, TimeSpan? limit = null, bool isTold = true,
        Func<SimScheduler, SimJournal>? journal = null)
    {
        var world = new World(seed, isTold, journal);
        prepare?.Invoke(world);
        try
        {
            world.Time.Run(() => world.LiveAsync(story), limit ?? TimeSpan.FromDays(30));
        }
        catch (Exception error)
        {
            world.Dispose();
            throw new SimulationException($"{error.Message}\nseed {seed}; what happened:\n{world.Story}\n", error);
        }

        return world;
    }

    /// <summary>Adds a harness, or puts one of another kind in its place; one that keeps receipts where no kind is named.</summary>
    public SimHarness Add(string instance, HarnessModel? model = null) => _harnesses[instance] = new SimHarness(instance, Time, Story, model);

    public Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Time);

    /// <summary>Waits in steps of virtual time until it holds.</summary>
    public async Task UntilAsync(Func<bool> holds, string what, double mostSeconds = 3600, double step = 0.1)
    {
        var until = Now + TimeSpan.FromSeconds(mostSeconds);
        while (!holds())
        {
            if (Now > until)
            {
                throw new SimulationException(string.Create(CultureInfo.InvariantCulture, $"after {mostSeconds} s it still does not hold that {what}"));
            }

            await WaitAsync(step);
        }
    }

    /// <summary>Asks the node, and asks the next one again when it dies meanwhile. Only for what may be asked twice.</summary>
    public async Task<T> AskAsync<T>(Func<IBackgroundAgents, Task<T>> ask)
    {
        while (true)
        {
            var node = Node;
            var answer = AnswerAsync(node, ask);
            await Task.WhenAny(answer, node.Died);
            if (!answer.IsCompleted)
            {
                await UntilAsync(() => Node != node, "the node was started again");
            }
            else if (AsksAgain && answer.Exception?.InnerException is JournalUnavailableException or RefusedException { Refusal.Type: "stopping" })
            {
                await WaitAsync(1);
            }
            else
            {
                return await answer;
            }
        }
    }

    public async Task<SessionId> RegisterAsync(SimSession session) =>
        (await AskAsync(a => a.RegisterAsync(new SessionRequest { Address = session.Address }, CancellationToken.None))).Session.Id;

    public async Task<SessionId> IdOfAsync(SimSession session)
    {
        SessionView? view = null;
        for (var tries = 0; view is null && tries < 100; tries++)
        {
            view = await AskAsync(a => a.FindSessionAsync(session.Address, CancellationToken.None));
            await WaitAsync(0.05);
        }

        return view?.Id ?? throw new SimulationException($"Rouse does not know {session.Address}");
    }

    public async Task<TaskView> DelegateAsync(
        SessionId from, string prompt = "do it", string? key = null, Func<DelegationRequest, DelegationRequest>? change = null)
    {
        key ??= string.Create(CultureInfo.InvariantCulture, $"key{Time.Random.Next()}");
        var request = new DelegationRequest { From = from, Agent = "worker", Prompt = prompt, IdempotencyKey = key };
        return (await AskAsync(a => a.DelegateAsync(change?.Invoke(request) ?? request, CancellationToken.None))).Task;
    }

    public Task<TaskView> DelegateAsync(SessionId from, WakePolicy wake, string prompt = "do it", string? group = null) =>
        DelegateAsync(from, prompt, change: r => r with { Wake = wake, Group = group });

    public Task<CancelReply> CancelAsync(TaskId task, SessionId? by = null) => AskAsync(a => a.CancelAsync(task, by, CancellationToken.None));

    public async Task<TaskView> TaskAsync(TaskId task) => (await AskAsync(a => a.FindTaskAsync(task, CancellationToken.None)))!;

    public async Task<TaskView> UntilAsync(TaskId task, AgentTaskStatus status, double mostSeconds = 3600)
    {
        var until = Now + TimeSpan.FromSeconds(mostSeconds);
        while (true)
        {
            var view = await TaskAsync(task);
            if (view.Status == status)
            {
                return view;
            }

            if (Now > until)
            {
                throw new SimulationException($"{task} is {view.Status}, not {status}");
            }

            await WaitAsync(0.1);
        }
    }

    public async Task<ImmutableArray<NoticeView>> MailboxAsync(SessionId session) =>
        [.. (await AskAsync(a => a.MailboxAsync(session, CancellationToken.None)))!];

    /// <summary>Waits until nothing is owed to anybody.</summary>
    public Task QuietAsync(double mostSeconds = 3600) => UntilAsync(() => Journal.Owed.Count == 0, "nothing is owed", mostSeconds);

    /// <summary>Kills the node; the next one is started after a while.</summary>
    public async Task RestartAsync()
    {
        var node = Node;
        node.Kill();
        await UntilAsync(() => Node != node, "the node was started again");
    }

    /// <summary>Kills the node, also one that is still starting.</summary>
    public void Kill() => _newest?.Kill();

    /// <summary>The node is told to stop. One that has not done so in time is killed; the next one is started after a while.</summary>
    /// <returns>Whether it has stopped in time.</returns>
    public Task<bool> ShutDownAsync(TimeSpan patience) => Node.ShutDownAsync(patience);

    /// <summary>The node stands still for so long, and goes on.</summary>
    public async Task PauseAsync(double seconds)
    {
        var node = _newest!;
        node.Pause();
        await WaitAsync(seconds);
        node.Resume();
        AwakeSince = Now;
    }

    /// <summary>Sets the nodes' time of day forward or back.</summary>
    public void JumpClock(TimeSpan by)
    {
        ClockIsOffBy += by;
        Jumps.Add((Now, ClockIsOffBy));
        Story.Tell($"the nodes' clock jumps by {by}");
    }

    /// <summary>Only a world whose store is on a disk has anything to leave behind.</summary>
    public void Dispose() => Journal.Dispose();

    internal void Reach(CrashPoint point)
    {
        OnAct?.Invoke(point);
        if (Crashes.Count > 0 && Crashes.Remove(point))
        {
            Kill();
        }
    }

    internal Act Count(string kind, Commit? commit)
    {
        var act = new Act(Acts.Count + 1, kind, commit);
        Time.Note(kind);
        foreach (var e in commit?.Events ?? [])
        {
            Time.Note(e.Type);
        }

        Acts.Add(act);
        return act;
    }

    /// <summary>A node that stands still takes no question and gives no answer.</summary>
    private static async Task<T> AnswerAsync<T>(SimNode node, Func<IBackgroundAgents, Task<T>> ask)
    {
        await node.AwakeAsync();
        try
        {
            return await ask(node.Agents);
        }
        finally
        {
            await node.AwakeAsync();
        }
    }

    private async Task LiveAsync(Func<World, Task> story)
    {
        await StartAsync();
        var keeping = KeepAliveAsync();
        await story(this);
        _over = true;
        Node.Resume();
        await Task.WhenAny(Node.Engine.DisposeAsync().AsTask(), Node.Died, keeping);
        if (Story.Defects.Count > 0)
        {
            throw new SimulationException($"the engine logged a defect:\n{string.Join('\n', Story.Defects)}");
        }
    }

    private async Task StartAsync()
    {
        foreach (var harness in _harnesses.Values)
        {
            harness.ForgetCaller();
        }

        var node = new SimNode(this, string.Create(CultureInfo.InvariantCulture, $"node{++_lives}"));
        _newest = node;
        AwakeSince = Now;
        Story.Tell($"node{_lives} starts");
        var started = node.Engine.StartAsync(CancellationToken.None);
        await Task.WhenAny(started, node.Died);
        if (started.IsFaulted && started.Exception.InnerException is JournalUnavailableException error)
        {
            // A process that cannot read its store says so and ends; whoever keeps it alive starts it again.
            Story.Tell($"node{_lives} cannot start: {error.Message}");
            node.Kill();
        }
        else if (started.IsCompleted)
        {
            await started;
        }

        Node = node;
    }

    private async Task KeepAliveAsync()
    {
        while (true)
        {
            await Node.Died;
            if (_over)
            {
                return;
            }

            await Task.Delay(RestartAfter, Time);
            await StartAsync();
        }
    }
}
