using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class StoreTests
{
    public static TheoryData<string> Types =>
    [
        "task.delegated", "attempt.started", "attempt.child-created", "attempt.prompt-admitted", "task.settled", "wake.leased", "wake.dispatched", "wake.admitted", "wake.consumed",
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_commit_whose_outcome_is_unknown_is_made_good(string type) => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Journal.Faults.Once(type, CommitFault.LosesAcknowledgement);
        await TryAsync(() => world.DelegateAsync(s, key: "k"));
        await TryAsync(() => world.DelegateAsync(s, key: "k"));
        await world.UntilAsync(() => parent.Wakes.Any(), "the wake goes out", 60);
        await world.QuietAsync(60);
        Assert.Single(parent.Wakes);
        Assert.Single(world.Harness.Children);
    });

    [Theory]
    [MemberData(nameof(Types))]
    public void A_commit_that_fails_is_made_again(string type) => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Journal.Faults.Once(type, CommitFault.FailsBefore);
        await TryAsync(() => world.DelegateAsync(s, key: "k"));
        await TryAsync(() => world.DelegateAsync(s, key: "k"));
        await world.UntilAsync(() => parent.Wakes.Any(), "the wake goes out", 60);
        await world.QuietAsync(60);
        Assert.Single(parent.Wakes);
        Assert.Single(world.Harness.Children);
    });

    [Fact]
    public void A_disk_that_is_full_for_ten_minutes_loses_nothing_and_makes_no_storm() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.DelegateAsync(s)));
        await world.WaitAsync(2);
        world.Journal.Faults.DiskFull = true;
        var steps = world.Time.Steps;
        await world.WaitAsync(600);
        Assert.True(world.Time.Steps - steps < 20_000, $"{world.Time.Steps - steps} steps");
        world.Journal.Faults.DiskFull = false;
        await world.QuietAsync();
        Assert.Equal(10, world.Harness.Children.Count());
        Assert.Single(parent.Wakes);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Another_writer_of_the_crew_is_noticed_and_what_it_wrote_is_performed(int seed) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            await world.DelegateAsync(s, "mine");
            var other = new SimNode(world, "other"); // it writes and performs nothing
            await other.Agents.DelegateAsync(new DelegationRequest { From = s, Agent = "worker", Prompt = "theirs" }, CancellationToken.None);
            await world.DelegateAsync(s, "mine too");
            await world.QuietAsync();
            Assert.Equal(3, world.Harness.Children.Count());
            Assert.Single(parent.Wakes);
            other.Kill();
        },
        seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Crews_that_leave_memory_go_on_as_before(int seed) => World.Play(
        async world =>
        {
            var parents = Enumerable.Range(0, 12).Select(i => world.Harness.Open($"s{i}")).ToList();
            await Task.WhenAll(parents.Select(async p =>
            {
                var s = await world.RegisterAsync(p);
                await world.DelegateAsync(s, "work 5");
                await world.DelegateAsync(s, "work 7");
            }));
            await world.QuietAsync();
            Assert.All(parents, p => Assert.Single(p.Wakes));
        },
        seed, prepare: w => w.Options = new EngineOptions { CachedCrews = 2 });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_crew_that_leaves_memory_right_after_an_unknown_commit_is_made_good(int seed) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            world.Journal.Faults.Once("task.delegated", CommitFault.LosesAcknowledgement);
            await TryAsync(() => world.DelegateAsync(s, key: "k"));
            for (var i = 0; i < 5; i++)
            {
                await world.RegisterAsync(world.Harness.Open($"other{i}"));
            }

            await world.UntilAsync(() => parent.Wakes.Any(), "it is performed", 60);
        },
        seed, prepare: w => w.Options = new EngineOptions { CachedCrews = 1 });

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    public void Snapshots_and_forgetting_change_nothing_in_a_long_crew(int every) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            world.Harness.Play = async turn =>
            {
                await turn.WorkAsync(1);
                if (turn.Prompt.Text == "outer")
                {
                    await world.DelegateAsync(await world.IdOfAsync(turn.Session), "inner");
                }

                turn.Say("done");
            };
            var tasks = new List<TaskView>();
            for (var i = 0; i < 12; i++)
            {
                tasks.Add(await world.DelegateAsync(s, i % 3 == 0 ? "outer" : "plain", change: r => r with { Group = i % 4 == 0 ? "g" : null }));
                await world.WaitAsync(i % 2 == 0 ? 0.5 : 8);
                if (i % 5 == 4)
                {
                    await world.RestartAsync();
                }
            }

            await world.QuietAsync();
            foreach (var task in tasks)
            {
                Assert.Equal(AgentTaskStatus.Completed, (await world.TaskAsync(task.Id)).Status);
            }

            Assert.All(await world.MailboxAsync(s), n => Assert.Equal(NoticeState.Consumed, n.State));
            Assert.Equal(tasks.Count, parent.Wakes.Sum(w => tasks.Count(t => w.Text.Contains($"Task: {t.Id}\n", StringComparison.Ordinal))));
        },
        prepare: w => w.Options = new EngineOptions { SnapshotEvery = every });

    [Fact]
    public void A_session_that_the_crew_has_forgotten_is_still_known_by_its_address() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s);
            await world.QuietAsync();
            await world.DelegateAsync(s);
            await world.QuietAsync();
            var child = world.Harness["child1"];
            var known = await world.Agents.RegisterAsync(new SessionRequest { Address = child.Address }, CancellationToken.None);
            Assert.False(known.Created);
            var refused = await Assert.ThrowsAsync<RefusedException>(() => world.DelegateAsync(known.Session.Id));
            Assert.Equal(RefusalKind.Conflict, refused.Refusal.Kind);
        },
        prepare: w => w.Options = new EngineOptions { SnapshotEvery = 3 });

    [Fact]
    public void A_task_that_is_still_to_be_stopped_keeps_the_session_that_it_came_from() => World.Play(
        async world =>
        {
            var far = world.Add("sim@far");
            await world.RestartAsync();
            far.Faults.Each = c => c.Name == "create" ? new HarnessFault.RefusedBefore() : null;
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            world.Harness.Play = async turn =>
            {
                await turn.WorkAsync(2);
                await world.DelegateAsync(await world.IdOfAsync(turn.Session), "inner", change: r => r with { Instance = "sim@far" });
                await turn.WorkAsync(1000);
            };
            var outer = await world.DelegateAsync(s, "outer");
            await world.UntilAsync(() => far.CallsOf("create") > 0, "the inner one is being created");
            await world.CancelAsync(outer.Id, by: s);
            await world.WaitAsync(60);
            await world.RestartAsync();
            far.Faults.Each = null;
            await world.QuietAsync(600);
            Assert.Empty(world.Journal.Slots);
        },
        prepare: w => w.Options = new EngineOptions { SnapshotEvery = 1 });

    [Fact] // idle
    public void While_nothing_is_due_no_timer_fires_and_nothing_is_performed() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        await world.DelegateAsync(s);
        await world.QuietAsync();
        await world.WaitAsync(700); // what was set before may fire once more
        var (timers, calls, commits) = (world.Node.TimersFired, world.Harness.Calls.Count, world.Journal.Commits.Count);
        await world.WaitAsync(24 * 3600);
        Assert.Equal((timers, calls, commits), (world.Node.TimersFired, world.Harness.Calls.Count, world.Journal.Commits.Count));
    });

    private static async Task TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (JournalUnavailableException)
        {
        }
    }
}
