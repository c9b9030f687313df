using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class CompletionTests
{
    [Theory] // DONE-4
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_task_completes_only_after_what_it_delegated_is_settled_and_taken_in(int seed) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            world.Harness.Play = async turn =>
            {
                await turn.WorkAsync(10);
                if (turn.Prompt.Text == "outer")
                {
                    await world.DelegateAsync(await world.IdOfAsync(turn.Session), "inner");
                    await world.DelegateAsync(await world.IdOfAsync(turn.Session), "work 30");
                }

                turn.Say(turn.IsWake ? "final" : "first");
            };
            var outer = await world.DelegateAsync(s, "outer");
            await world.UntilAsync(outer.Id, AgentTaskStatus.Settling);
            Assert.DoesNotContain(world.Journal.Slots, x => x.Task == outer.Id);
            await world.UntilAsync(outer.Id, AgentTaskStatus.Completed);
            Assert.Single(world.Harness["child1"].Wakes);
            Assert.Equal("final", (await world.Agents.OutputAsync(outer.Id, CancellationToken.None))!.Text);
            await world.QuietAsync();
            Assert.Single(parent.Wakes);
        },
        seed);

    [Theory] // DONE-5
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_end_reported_many_times_is_one_transition(int seed) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            await world.DelegateAsync(s);
            await world.WaitAsync(10);
            for (var i = 0; i < 50; i++)
            {
                world.Harness.Say(new HarnessSignal.Changed("child1"));
                await world.WaitAsync(0.01);
            }

            await world.QuietAsync();
            Assert.Equal(1, world.Journal.Events.Count(e => e.Type == "task.settled"));
            Assert.Equal(1, world.Journal.Events.Count(e => e.Type == "notice.posted"));
            Assert.Single(parent.Wakes);
        },
        seed);

    [Fact] // DONE-3
    public void An_idle_session_without_output_fails_its_task_only_after_a_second_look() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Play = turn => turn.WorkAsync(10);
        var task = await world.DelegateAsync(s);
        var failed = await world.UntilAsync(task.Id, AgentTaskStatus.Failed);
        Assert.Equal("empty", failed.Outcome!.Reason);
        Assert.InRange(world.Time.Elapsed.TotalSeconds, 130, 131);
    });

    [Fact] // DONE-7
    public void A_history_that_cannot_be_read_ends_nothing() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Faults.Each = c => c.Name == "inspect" ? new HarnessFault.Lost() : null;
        await world.WaitAsync(3600);
        Assert.Equal(AgentTaskStatus.Running, (await world.TaskAsync(task.Id)).Status);
        Assert.InRange(world.Harness.CallsOf("inspect"), 10, 40);
        world.Harness.Faults.Each = null;
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, 301);
    });

    [Fact] // DONE-8
    public void Open_todos_hold_completion_back_for_a_while() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness["child1"].Todos.Add("write tests");
        await world.WaitAsync(200);
        Assert.Equal(AgentTaskStatus.Running, (await world.TaskAsync(task.Id)).Status);
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, 120);
    });

    [Fact] // DONE-9, API-2
    public void Output_is_the_same_however_often_and_whenever_it_is_read() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var task = await world.DelegateAsync(s);
            await world.QuietAsync();
            var before = await world.AskAsync(a => a.OutputAsync(task.Id, CancellationToken.None));
            for (var i = 0; i < 30; i++)
            {
                await world.DelegateAsync(s, "work 1");
                await world.WaitAsync(2);
            }

            await world.QuietAsync();
            world.Harness.Delete(world.Harness["child1"]);
            await world.RestartAsync();
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(before, await world.AskAsync(a => a.OutputAsync(task.Id, CancellationToken.None)));
            }

            Assert.Equal(AgentTaskStatus.Completed, (await world.TaskAsync(task.Id)).Status);
            Assert.Single((await world.TaskAsync(task.Id)).Attempts);
        },
        prepare: w => w.Options = new EngineOptions { SnapshotEvery = 10 });

    [Fact] // CAN-13
    public void A_person_who_stops_the_child_in_the_harness_cancels_its_task() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 100", change: r => r with { Fallbacks = ["acme/other"] });
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Stop(world.Harness["child1"]);
        var cancelled = await world.UntilAsync(task.Id, AgentTaskStatus.Cancelled, 5);
        Assert.Equal("by-a-person", cancelled.Outcome!.Reason);
        await world.QuietAsync();
        Assert.Single(world.Harness.Children);
    });
}
