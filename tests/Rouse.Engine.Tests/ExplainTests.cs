using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

/// <summary>What does not happen says why.</summary>
public sealed class ExplainTests
{
    [Fact] // API-4, LANE-9
    public void A_task_that_does_not_start_names_its_lane_and_place() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s, "work 60");
            await world.DelegateAsync(s);
            var third = await world.DelegateAsync(s);

            var why = (await world.Agents.ExplainAsync(third.Id, CancellationToken.None))!;

            Assert.Contains(why.Reasons, r => r.Contains("default", StringComparison.Ordinal) && r.Contains("place 2", StringComparison.Ordinal));
            Assert.Equal(third.CreatedAt, why.Since);
        },
        prepare: w => w.Options = w.Options with { Lanes = new LaneLimits([KeyValuePair.Create(LaneLimits.DefaultLane, 1)]) });

    [Fact] // API-4, ROUTE-5
    public void A_task_that_waits_for_an_instance_says_that_it_is_down_and_since_when() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Die();
        await world.WaitAsync(1);
        var task = await world.DelegateAsync(s);

        var why = (await world.Agents.ExplainAsync(task.Id, CancellationToken.None))!;

        Assert.Contains(why.Reasons, r => r.Contains("is down since", StringComparison.Ordinal));
        world.Harness.Come();
        await world.QuietAsync();
    });

    [Fact] // API-4, GATE-14
    public void A_session_that_is_not_woken_says_why_since_when_and_how_often_it_was_tried() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.PersonSays(parent, "work 600");
        await world.DelegateAsync(s);
        await world.WaitAsync(300);

        var why = (await world.Agents.ExplainAsync(s, CancellationToken.None))!;

        Assert.Contains(why.Reasons, r => r.Contains("working", StringComparison.Ordinal));
        Assert.Equal(0, why.Tries);
        Assert.True(why.Since < world.Now - TimeSpan.FromSeconds(100), $"since {why.Since}, now {world.Now}");
        Assert.NotNull(why.NextLook);
    });

    [Fact] // API-4
    public void A_task_whose_session_could_not_be_read_for_a_while_names_that_only_while_it_lasts() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var unreadable = true;
        world.Harness.Faults.Each = c => c is { Name: "inspect", Session: "child1" } && unreadable ? new HarnessFault.RefusedBefore() : null;
        var task = await world.DelegateAsync(s, "work 600");
        await world.WaitAsync(30);
        var before = await WhyAsync();
        unreadable = false;
        await world.WaitAsync(90);

        Assert.DoesNotContain("it works", before, StringComparison.Ordinal);
        Assert.Equal("supervise: it works", await WhyAsync());

        async Task<string> WhyAsync() => Assert.Single((await world.Agents.ExplainAsync(task.Id, CancellationToken.None))!.Reasons);
    });

    [Fact] // API-4
    public void A_task_whose_turn_is_over_names_the_work_that_it_has_delegated() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 5");
        var child = await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        await world.DelegateAsync(await world.IdOfAsync(world.Harness[child.Attempts[0].Session!.Id]), "work 600");
        await world.WaitAsync(60);

        var why = (await world.Agents.ExplainAsync(task.Id, CancellationToken.None))!;

        Assert.Contains(why.Reasons, r => r.Contains("work that it delegated is open", StringComparison.Ordinal));
    });

    [Fact] // API-4, ROUTE-5
    public void A_task_whose_instance_went_down_while_it_worked_waits_for_that() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 600");
        await world.WaitAsync(30);
        Assert.Equal("supervise: it works", await WhyAsync());

        world.Harness.Die();
        await world.WaitAsync(1);
        Assert.StartsWith("supervise: instance-down", await WhyAsync(), StringComparison.Ordinal);

        async Task<string> WhyAsync() => Assert.Single((await world.Agents.ExplainAsync(task.Id, CancellationToken.None))!.Reasons);
    });

    [Fact] // API-4, ROUTE-5
    public void A_wake_whose_instance_has_been_down_for_days_waits_for_that() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s, "work 60", change: r => r with { Instance = "far" });
            await world.WaitAsync(30);
            world.Harness.Die();
            await world.WaitAsync(3 * 86_400);

            var why = (await world.Agents.ExplainAsync(s, CancellationToken.None))!;

            Assert.StartsWith("instance-down (sim@main is down since", Assert.Single(why.Reasons), StringComparison.Ordinal);
            Assert.Equal("instance-down", (await world.MailboxAsync(s))[0].Wake!.Hold!.Reason);
        },
        prepare: w => w.Add("far"));
}
