using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class WatchTests
{
    [Fact] // WATCH-6
    public void A_session_that_stays_missing_loses_its_task_and_wakes_the_parent() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s, "work 1000");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Delete(world.Harness["child1"], tell: false);
        world.Harness.Say(new HarnessSignal.Changed("child1"));
        var from = world.Now;
        var lost = await world.UntilAsync(task.Id, AgentTaskStatus.Lost);
        Assert.InRange((world.Now - from).TotalSeconds, 60, 65);
        Assert.Equal("session-gone", lost.Outcome!.Reason);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
        Assert.Empty(world.Journal.Slots);
    });

    [Fact] // WATCH-6
    public void A_session_that_is_missing_only_for_a_moment_is_not_lost() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 200");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        var misses = 0;
        world.Harness.Faults.Each = c => c is { Name: "inspect", Session: "child1" } && ++misses <= 3 ? new HarnessFault.Answers(new InspectResult.Missing()) : null;
        world.Harness.Say(new HarnessSignal.Changed("child1"));
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
    });

    [Theory] // WATCH-7
    [InlineData(false)]
    [InlineData(true)]
    public void An_instance_that_is_away_for_three_hours_ends_no_task(bool restart) => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var running = await world.DelegateAsync(s, "work 20000");
        var finishes = await world.DelegateAsync(s, "work 600");
        await world.UntilAsync(finishes.Id, AgentTaskStatus.Running);
        world.Harness.Cut();
        await world.WaitAsync(1);
        var calls = world.Harness.Calls.Count;
        if (restart)
        {
            await world.RestartAsync();
        }

        await world.WaitAsync(3 * 3600);
        Assert.Equal(calls, world.Harness.Calls.Count);
        Assert.All(new[] { running.Id, finishes.Id }, t => Assert.Equal(AgentTaskStatus.Running, world.Journal.Replay(s.Crew).Find(t)!.Status));
        world.Harness.Come();
        await world.UntilAsync(finishes.Id, AgentTaskStatus.Completed, 5);
        await world.UntilAsync(running.Id, AgentTaskStatus.Completed, 10_000);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // WATCH-7
    public void The_time_away_does_not_count_towards_gone() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 4000");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        var misses = 0;
        world.Harness.Faults.Each = c => c is { Name: "inspect", Session: "child1" } && ++misses <= 3 ? new HarnessFault.Answers(new InspectResult.Missing()) : null;
        world.Harness.Say(new HarnessSignal.Changed("child1"));
        await world.WaitAsync(25); // two looks that miss
        world.Harness.Cut();
        await world.WaitAsync(600);
        world.Harness.Come(); // and the third one right after it is back
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, 10_000);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_instance_that_is_away_for_more_than_a_day_loses_its_tasks_and_is_not_called(bool wasUp) => World.Play(async world =>
    {
        var far = world.Add("sim@far");
        if (!wasUp)
        {
            far.Cut();
        }

        await world.RestartAsync();
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s, "work 100", change: r => r with { Instance = "sim@far" });
        if (wasUp)
        {
            await world.UntilAsync(task.Id, AgentTaskStatus.Running);
            far.Cut();
        }

        await world.WaitAsync(23 * 3600);
        Assert.False(world.Journal.Replay(s.Crew).Find(task.Id)!.IsSettled);
        var calls = far.Calls.Count;
        await world.UntilAsync(task.Id, AgentTaskStatus.Lost, 2 * 3600);
        await world.UntilAsync(() => parent.Wakes.Any(), "the parent is told", 60);
        await world.WaitAsync(3 * 24 * 3600);
        Assert.InRange(far.Calls.Count - calls, 0, 5);
        far.Come();
        await world.QuietAsync();
        Assert.Empty(world.Journal.Slots);
    });

    [Fact] // WATCH-10
    public void A_deadline_fails_the_task_and_aborts_it_also_across_a_restart() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s, "work 10000", change: r => r with { Deadline = TimeSpan.FromMinutes(5) });
        await world.WaitAsync(200);
        await world.RestartAsync();
        var failed = await world.UntilAsync(task.Id, AgentTaskStatus.Failed);
        Assert.InRange((failed.SettledAt!.Value - failed.CreatedAt).TotalSeconds, 300, 301);
        Assert.Equal("deadline", failed.Outcome!.Reason);
        await world.QuietAsync();
        Assert.False(world.Harness["child1"].Working);
        Assert.Single(parent.Wakes);
    });

    [Fact]
    public void A_deadline_further_away_than_any_timer_reaches_is_kept() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var far = await world.DelegateAsync(s, "work 100000000", change: r => r with { Deadline = TimeSpan.FromDays(120) });
            var near = await world.DelegateAsync(s);
            await world.UntilAsync(near.Id, AgentTaskStatus.Completed);
            for (var day = 0; day < 119; day++)
            {
                await world.WaitAsync(24 * 3600);
            }

            Assert.Equal(AgentTaskStatus.Running, (await world.TaskAsync(far.Id)).Status);
            await world.WaitAsync(24 * 3600);
            Assert.Equal(AgentTaskStatus.Failed, (await world.TaskAsync(far.Id)).Status);
        },
        limit: TimeSpan.FromDays(200));
}
