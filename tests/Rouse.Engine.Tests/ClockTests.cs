using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

/// <summary>The time of day is set forward and back by people and network time services, and stands still in a computer that sleeps.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_clock_that_is_set_back_holds_no_wake(bool restarts) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            await world.DelegateAsync(s, WakePolicy.Each, "work 5");
            await world.DelegateAsync(s, WakePolicy.Each, "work 60");
            await world.UntilAsync(() => world.Journal.Owed.Any(o => o.Obligation.Kind == ObligationKind.Deliver), "the first wake waits for others");
            world.JumpClock(-Hour);
            if (restarts)
            {
                await world.RestartAsync();
            }

            await world.UntilAsync(() => parent.Wakes.Any(), "it goes out", 15);
        },
        prepare: w => w.Options = new EngineOptions { Rules = Rules.Default with { Debounce = TimeSpan.FromSeconds(10) } });

    [Fact]
    public void A_clock_that_is_set_back_lengthens_no_wait_between_tries() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Faults.Once("create", new HarnessFault.RefusedBefore());
        var task = await world.DelegateAsync(s, "work 1");
        await world.UntilAsync(() => world.Harness.CallsOf("create") == 1, "the first try has failed", step: 0.01);
        await world.WaitAsync(0.1);
        world.JumpClock(-Hour);
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, 10);
    });

    [Fact]
    public void A_person_who_spoke_before_the_clock_was_set_back_closes_the_gate_no_longer_than_otherwise() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        await world.DelegateAsync(s, "work 20");
        await world.WaitAsync(5);
        world.Harness.PersonSays(parent, "work 1");
        await world.WaitAsync(5);
        world.JumpClock(-Hour);
        await world.UntilAsync(() => parent.Wakes.Any(), "the wake goes out", 15);
    });

    [Fact]
    public void A_deadline_is_a_time_of_day_and_comes_when_the_clock_that_was_set_forward_says_so() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 100000", change: r => r with { Deadline = Hour });
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.JumpClock(Hour);
        await world.DelegateAsync(s, "work 1");
        Assert.Equal("deadline", (await world.UntilAsync(task.Id, AgentTaskStatus.Failed, 1)).Outcome!.Reason);
    });

    /// <summary>Seed 5497.</summary>
    [Fact]
    public void A_clock_that_was_set_forward_is_noticed_within_a_minute_though_nothing_happens() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 100000", change: r => r with { Deadline = Hour });
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.JumpClock(Hour);
        await world.UntilAsync(() => world.Journal.Events.Any(e => e.Type == "task.settled"), "the deadline is heeded", 62);
    });

    [Fact]
    public void A_deadline_comes_no_later_than_the_clock_was_set_back_by() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 100000", change: r => r with { Deadline = Hour });
        await world.WaitAsync(3590);
        world.JumpClock(-Hour);
        await world.WaitAsync(3600);
        Assert.Equal(AgentTaskStatus.Running, (await world.TaskAsync(task.Id)).Status);
        await world.UntilAsync(task.Id, AgentTaskStatus.Failed, 15);
    });

    [Fact]
    public void A_clock_that_is_set_forward_by_days_loses_no_task_of_an_instance_that_is_away() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 10");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Cut();
        await world.WaitAsync(1);
        world.JumpClock(TimeSpan.FromDays(20_000));
        await world.DelegateAsync(s, "work 1");
        await world.WaitAsync(3600);
        Assert.Equal(AgentTaskStatus.Running, (await world.TaskAsync(task.Id)).Status);
        world.Harness.Come();
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, 5);
    });

    [Fact]
    public void A_clock_that_is_set_back_does_not_keep_an_instance_that_stays_away_from_being_given_up() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 10");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Cut();
        await world.WaitAsync(3600);
        world.JumpClock(-Hour);
        await world.WaitAsync(82_700);
        await world.UntilAsync(task.Id, AgentTaskStatus.Lost, 200);
    });

    [Theory] // a signal, a long collection of garbage, the lid of a laptop
    [InlineData(12)]
    [InlineData(60)]
    [InlineData(50_000)]
    public void A_node_that_stands_still_takes_up_everything_once_when_it_goes_on(double seconds) => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var done = await world.DelegateAsync(s, "work 5");
        var late = await world.DelegateAsync(s, "work 100000", change: r => r with { Deadline = TimeSpan.FromSeconds(10), Wake = WakePolicy.Each });
        await world.UntilAsync(() => world.Harness.Children.Count(c => c.Working) == 2, "both run");
        await world.PauseAsync(seconds);
        await world.UntilAsync(done.Id, AgentTaskStatus.Completed, 1);
        await world.UntilAsync(late.Id, AgentTaskStatus.Failed, 1);
        await world.QuietAsync();
        Assert.Equal(2, (await world.MailboxAsync(s)).Count(n => n.State == NoticeState.Consumed));
        Assert.All(world.Harness.Runs.Values, runs => Assert.Equal(1, runs));
    });

    [Fact]
    public void A_node_that_stands_still_takes_no_call_and_fires_no_timer() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        await world.DelegateAsync(s, "work 5");
        await world.UntilAsync(() => world.Harness.Children.Any(c => c.Working), "it runs");
        var standstill = world.PauseAsync(100);
        var (acts, fired, call) = (world.Acts.Count, world.Node.TimersFired, world.DelegateAsync(s, "work 1"));
        await world.WaitAsync(99);
        Assert.Equal((acts, fired, false), (world.Acts.Count, world.Node.TimersFired, call.IsCompleted));
        await standstill;
        await call;
        await world.QuietAsync();
        Assert.NotEmpty(parent.Wakes);
    });
}
