using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// What scenarios are told with: a world with a parent session that delegates, and the few things that are said again and again. Every scenario is
/// played in many interleavings, and at the end of each no message of Rouse's stands twice in any history.
/// </summary>
public sealed class Scene
{
    private const int Interleavings = 20;
    private readonly List<Task> _looks = [];

    private Scene(World world, SimSession parent, SessionId session) => (World, Parent, Session) = (world, parent, session);

    public World World { get; }

    /// <summary>The session that delegates, as its harness keeps it.</summary>
    public SimSession Parent { get; }

    public SessionId Session { get; }

    public SimHarness Harness => World.Harness;

    public Random Random => World.Time.Random;

    public static void Play(Func<Scene, Task> tell, Action<World>? prepare = null, int interleavings = Interleavings)
    {
        for (var seed = 1; seed <= interleavings; seed++)
        {
            World.Play(world => PlayAsync(world, tell), seed, prepare);
        }
    }

    /// <summary>
    /// Plays a scenario in peace, and then with the node killed before and after each thing that it does to the world. What an outsider sees in the end
    /// must be the same each time.
    /// </summary>
    public static void PlayWithACrashEverywhere(Func<Scene, Task> tell, Func<Scene, Task<string>> outcome, Action<World>? prepare = null)
    {
        var (calm, expected) = Tell(crash: null);
        for (var act = 1; act <= calm.Acts.Count; act++)
        {
            foreach (var after in new[] { false, true })
            {
                var (world, seen) = Tell(new CrashPoint(act, after));
                Assert.True(
                    expected == seen,
                    $"killed {(after ? "after" : "before")} act {act} ({calm.Acts[act - 1].Name}):\nexpected {expected}\nbut saw  {seen}\n{world.Story}");
            }
        }

        (World World, string Seen) Tell(CrashPoint? crash)
        {
            var seen = "";
            var world = World.Play(
                w => PlayAsync(w, async scene =>
                {
                    await tell(scene);
                    seen = await outcome(scene);
                }),
                prepare: w =>
                {
                    prepare?.Invoke(w);
                    if (crash is not null)
                    {
                        w.Crashes.Add(crash);
                    }
                });
            return (world, seen);
        }
    }

    /// <summary>A world whose lanes hold nobody up.</summary>
    public static void NoLimits(World world) => Lane(world, limit: 0);

    public static void Lane(World world, int limit) =>
        world.Options = world.Options with { Lanes = new LaneLimits([KeyValuePair.Create(LaneLimits.DefaultLane, limit)]) };

    /// <summary>The parent delegates work that takes so many seconds.</summary>
    public Task<TaskView> DelegateAsync(double seconds, WakePolicy wake = WakePolicy.All, string? group = null) =>
        World.DelegateAsync(Session, wake, Work(seconds), group);

    /// <summary>The agent of a session delegates in its turn.</summary>
    public async Task<TaskView> DelegateFromAsync(SimSession session, string prompt) => await World.DelegateAsync(await World.IdOfAsync(session), prompt);

    /// <summary>A person gives the parent work; nothing of Rouse's may enter it until that is done.</summary>
    public void KeepParentBusy(double seconds) => Harness.PersonSays(Parent, Work(seconds));

    /// <summary>How an agent takes the turns that begin with this prompt.</summary>
    public void When(string prompt, Func<SimTurn, Task> take) => When(turn => turn.Prompt.Text == prompt, take);

    public void When(Func<SimTurn, bool> which, Func<SimTurn, Task> take)
    {
        var others = Harness.Play;
        Harness.Play = turn => which(turn) ? take(turn) : others(turn);
    }

    /// <summary>The node is killed before or after one of the next things that it does to the world.</summary>
    public void KillWithin(int acts) => World.Crashes.Add(new CrashPoint(World.Acts.Count + Random.Next(1, acts + 1), Random.Next(2) == 0));

    /// <summary>Looks at what the API shows after every commit; what a look finds wrong fails the scenario.</summary>
    public void AtEveryCommit(Func<Task> look) => World.Journal.OnCommitted += _ => _looks.Add(look());

    /// <summary>The entries of the parent's history that tell of the task in full.</summary>
    public IEnumerable<SimMessage> ToldOf(TaskView task) => ToldOf(Parent, task);

    public static IEnumerable<SimMessage> ToldOf(SimSession session, TaskView task) =>
        session.Wakes.Where(w => w.Text.Contains($"Task: {task.Id}\n", StringComparison.Ordinal));

    public async Task<NoticeView> NoticeAsync(TaskView task) => (await World.MailboxAsync(task.From)).Single(n => n.Task == task.Id);

    public async Task<WakeView> ReceiptAsync(TaskView task) => (await NoticeAsync(task)).Wake!;

    public async Task<OutputView> OutputAsync(TaskView task) => (await World.AskAsync(a => a.OutputAsync(task.Id, CancellationToken.None)))!;

    public Task<ExplainView?> ExplainAsync() => World.AskAsync(a => a.ExplainAsync(Session, CancellationToken.None));

    /// <summary>The session of the task's current attempt, as its harness keeps it.</summary>
    public async Task<SimSession> ChildAsync(TaskView task)
    {
        var address = (await World.TaskAsync(task.Id)).Attempts[^1].Session!;
        return World.Harnesses[address.Instance][address.Id];
    }

    /// <summary>How many turns the agent of a session was made to take by Rouse.</summary>
    public int TurnsOf(SimSession session) => session.Messages.Where(m => m.Key is not null).Sum(m => Harness.Runs.GetValueOrDefault(m.Key!));

    /// <summary>Waits, in long steps, until nothing is owed to anybody.</summary>
    public Task RestAsync(double mostHours) => World.UntilAsync(() => World.Journal.Owed.Count == 0, "nothing is owed", mostHours * 3600, step: 10);

    public static string Work(double seconds) => string.Create(CultureInfo.InvariantCulture, $"work {seconds}");

    /// <summary>A node of its own beside the world's, for what the world's node cannot be given.</summary>
    public static RouseEngine Engine(World world, IJournal journal, IReadOnlyList<IHarness> harnesses) =>
        new(journal, harnesses, world.Options, world.Time, new Random(world.Time.Random.Next()), new StoryLog(world.Story, "other"));

    /// <summary>Stands where a scenario is skipped: whoever builds the feature tells the scenario first.</summary>
    public static void Untold() => Assert.Fail("This scenario is not told yet.");

    private static async Task PlayAsync(World world, Func<Scene, Task> tell)
    {
        var parent = world.Harness.Open("parent");
        var scene = new Scene(world, parent, await world.RegisterAsync(parent));
        await tell(scene);
        await Task.WhenAll(scene._looks);
        foreach (var session in world.Harnesses.Values.SelectMany(h => h.Sessions))
        {
            var keys = session.Messages.Where(m => m.Key is not null).Select(m => m.Key).ToList();
            Assert.Equal(keys.Distinct(), keys);
        }
    }
}
