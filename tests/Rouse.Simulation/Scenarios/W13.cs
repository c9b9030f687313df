using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: stopped agents come back, and old prompts run again (claude-code changelog: "stopping an agent is now permanent"; revived agents that
/// ran stale prompts again). Rouse: cancelled stays cancelled through restart, replay and resume.
/// </summary>
[Scenario(13)]
public sealed class W13
{
    [Fact] // CAN-6
    public void A_task_cancelled_at_any_moment_of_its_life_never_runs_again() => Scene.Play(async scene =>
    {
        var task = await scene.World.DelegateAsync(scene.Session, "work 30", "key");
        await scene.World.WaitAsync(scene.Random.NextDouble() * scene.Random.NextDouble() * 30);
        scene.KillWithin(acts: 4);
        await scene.World.CancelAsync(task.Id, by: scene.Session);
        await scene.World.QuietAsync();
        var turns = scene.Harness.Runs.Values.Sum();

        scene.Harness.Die();
        await scene.World.RestartAsync();
        scene.Harness.Come();
        foreach (var child in scene.Harness.Children)
        {
            scene.Harness.Say(new HarnessSignal.Changed(child.Address.Id));
            scene.Harness.PersonSays(child, "go on");
        }

        var again = await scene.World.DelegateAsync(scene.Session, "work 30", "key"); // an agent that repeats its call
        await scene.World.WaitAsync(3600);
        Assert.Equal((task.Id, AgentTaskStatus.Cancelled), (again.Id, again.Status));
        Assert.Equal(turns, scene.Harness.Runs.Values.Sum());
        Assert.InRange(scene.Harness.Children.Count(), 0, 1);
        Assert.Empty(scene.Parent.Wakes);
        await scene.World.QuietAsync(mostSeconds: 1);
    });

    [Theory] // SRC-9
    [InlineData("create")]
    [InlineData("deliver")]
    [InlineData("find")]
    [InlineData("inspect")]
    public void An_answer_that_comes_after_the_cancel_brings_nothing_back(string call) => Scene.Play(async scene =>
    {
        scene.Harness.Faults.Once(call, new HarnessFault.Slow(TimeSpan.FromSeconds(8)));
        var task = await scene.DelegateAsync(6);
        await scene.World.UntilAsync(() => scene.Harness.CallsOf(call) > 0, "the call is under way");
        await scene.World.WaitAsync(scene.Random.NextDouble() * 7.5);
        await scene.World.CancelAsync(task.Id, by: scene.Session);
        await scene.World.QuietAsync();
        await scene.World.WaitAsync(60);
        Assert.Equal(AgentTaskStatus.Cancelled, (await scene.World.TaskAsync(task.Id)).Status);
        Assert.DoesNotContain(scene.Harness.Children, c => c.Working);
        Assert.Empty(scene.Parent.Wakes);
        Assert.Empty(scene.World.Journal.Slots);
    });

    [Fact] // SRC-9
    public void A_session_deleted_while_it_is_looked_at_comes_back_in_no_way() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running);
        scene.Harness.Faults.Once("inspect", new HarnessFault.Slow(TimeSpan.FromSeconds(4)));
        scene.Harness.Say(new HarnessSignal.Changed("child1"));
        await scene.World.WaitAsync(scene.Random.NextDouble() * 4);
        scene.Harness.Delete(scene.Harness["child1"]);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Cancelled, mostSeconds: 10);
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
        Assert.Equal(1, scene.Harness.CallsOf("create"));
    });

    [Fact] // CAN-6
    public void A_tombstone_outlives_any_number_of_newer_tasks() => Scene.Play(
        async scene =>
        {
            var task = await scene.World.DelegateAsync(scene.Session, "work 30", "key");
            await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running);
            await scene.World.CancelAsync(task.Id, by: scene.Session);
            var child = await scene.ChildAsync(task);
            for (var i = 0; i < 6; i++)
            {
                for (var j = 0; j < 10; j++)
                {
                    await scene.DelegateAsync(0.1);
                }

                await scene.World.QuietAsync();
            }

            await scene.World.RestartAsync();
            scene.Harness.PersonSays(child, "go on");
            scene.Harness.Say(new HarnessSignal.Changed(child.Address.Id));
            var again = await scene.World.DelegateAsync(scene.Session, "work 30", "key");
            await scene.World.WaitAsync(600);
            Assert.Equal((task.Id, AgentTaskStatus.Cancelled), (again.Id, again.Status));
            Assert.Single(child.Messages, m => m.Origin == MessageOrigin.Rouse);
        },
        w => w.Options = w.Options with { SnapshotEvery = 10 },
        interleavings: 5);

    [Fact(Skip = "continuation is not built yet")] // CONT-4
    public void A_cancelled_task_cannot_be_continued() => Scene.Untold();
}
