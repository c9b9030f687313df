using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class CrashTests
{
    [Fact] // CRASH-2
    public void A_queued_task_keeps_its_prompt_and_place() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            foreach (var prompt in new[] { "work 60", "second", "third" })
            {
                await world.DelegateAsync(s, prompt);
            }

            await world.RestartAsync();
            await world.QuietAsync();
            Assert.Equal(["work 60", "second", "third"], world.Harness.Children.Select(c => c.Messages[0].Text));
        },
        prepare: w => w.Options = new EngineOptions { Lanes = new LaneLimits([KeyValuePair.Create("default", 1)]) });

    [Fact] // CRASH-5
    public void A_child_that_finished_while_the_node_was_down_completes_with_its_result() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s, "work 10");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        await world.WaitAsync(9.5);
        await world.RestartAsync();
        Assert.False(world.Harness["child1"].Working);
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, 1);
        await world.QuietAsync();
        Assert.Contains("result of child1", Assert.Single(parent.Wakes).Text, StringComparison.Ordinal);
    });

    [Fact] // CRASH-8
    public void A_child_that_its_harness_no_longer_knows_after_the_restart_is_lost_and_not_run_again() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s, "work 100");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Node.Kill();
        world.Harness.Delete(world.Harness["child1"], tell: false);
        await world.WaitAsync(2);
        await world.UntilAsync(task.Id, AgentTaskStatus.Lost);
        await world.QuietAsync();
        Assert.Contains("lost", Assert.Single(parent.Wakes).Text, StringComparison.Ordinal);
        Assert.Equal(1, world.Harness.CallsOf("create"));
    });

    [Theory] // CRASH-9
    [InlineData(false, AgentTaskStatus.Failed)]
    [InlineData(true, AgentTaskStatus.Failed)]
    public void A_harness_that_died_in_a_turn_leaves_it_interrupted_with_partial_output(bool nodeToo, AgentTaskStatus end) => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        world.Harness.Play = async turn =>
        {
            if (!turn.IsWake)
            {
                turn.Say("half");
            }

            await play(turn);
        };
        var task = await world.DelegateAsync(s, "work 100", change: r => r with { Fallbacks = ["acme/other"] });
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Die();
        if (nodeToo)
        {
            await world.RestartAsync();
        }

        await world.WaitAsync(60);
        world.Harness.Come();
        var failed = await world.UntilAsync(task.Id, end, 60);
        Assert.Equal("interrupted", failed.Outcome!.Reason);
        var output = await world.Agents.OutputAsync(task.Id, CancellationToken.None);
        Assert.Equal(("half", true), (output!.Text, output.Partial));
        await world.QuietAsync();
        Assert.Single(world.Harness.Children);
        Assert.Single(parent.Wakes);
    });

    [Theory] // CRASH-10
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void After_a_power_cut_every_acknowledged_task_is_there_and_every_other_one_is_whole_or_not(int seed) => World.Play(
        async world =>
        {
            var sessions = new List<SessionId>();
            for (var i = 0; i < 16; i++)
            {
                sessions.Add(await world.RegisterAsync(world.Harness.Open($"s{i}")));
            }

            var acknowledged = new List<TaskId>();
            var node = world.Node;
            for (var i = 0; i < 64; i++)
            {
                _ = DelegateAsync(i);
            }

            await world.WaitAsync(0.0005 + (world.Time.Random.NextDouble() * 0.004));
            await world.RestartAsync();
            Assert.All(acknowledged, t => Assert.NotNull(world.Journal.Replay(t.Crew).Find(t)));
            await world.QuietAsync();
            Assert.All(world.Journal.Crews.SelectMany(c => world.Journal.Replay(c).Tasks.Values), t => Assert.Equal(AgentTaskStatus.Completed, t.Status));

            async Task DelegateAsync(int i)
            {
                var accepted = await node.Agents.DelegateAsync(
                    new DelegationRequest { From = sessions[i % 16], Agent = "worker", Prompt = "work 1" }, CancellationToken.None);
                acknowledged.Add(accepted.Task.Id);
            }
        },
        seed);
}
