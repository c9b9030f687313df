using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a pause, a restart or an upgrade kills children, and nobody is told (claude-code #63023, #67524: 3 of 4 dead and none reported; hermes-agent #76994).
/// Rouse: each open task is supervised again or ends visibly, and either way the parent is woken. Work is not run again.
/// </summary>
[Scenario(2)]
public sealed class W2
{
    [Fact] // CRASH-8
    public void An_upgrade_that_kills_children_and_their_supervisor_ends_each_of_them_visibly() => Scene.Play(async scene =>
    {
        var tasks = new List<TaskView>();
        foreach (var seconds in new[] { 50, 100, 100, 100 })
        {
            tasks.Add(await scene.DelegateAsync(seconds, WakePolicy.Each));
        }

        await scene.World.WaitAsync(60 + (scene.Random.NextDouble() * 30));
        var forgotten = await scene.ChildAsync(tasks[3]);
        scene.World.Node.Kill();
        scene.Harness.Die();
        scene.Harness.Delete(forgotten, tell: false);
        await scene.World.WaitAsync(scene.Random.Next(1, 300));
        scene.Harness.Come();
        await scene.World.QuietAsync();

        var ends = new List<AgentTaskStatus>();
        foreach (var task in tasks)
        {
            ends.Add((await scene.World.TaskAsync(task.Id)).Status);
            Assert.Single(scene.ToldOf(task));
        }

        Assert.Equal([AgentTaskStatus.Completed, AgentTaskStatus.Failed, AgentTaskStatus.Failed, AgentTaskStatus.Lost], ends);
        Assert.Contains("side effects", Assert.Single(scene.ToldOf(tasks[1])).Text, StringComparison.Ordinal);
        Assert.Contains("how the work ended is not known", Assert.Single(scene.ToldOf(tasks[3])).Text, StringComparison.Ordinal);
        Assert.Equal(4, scene.Harness.CallsOf("create"));
    });

    [Fact] // CRASH-5
    public void A_child_that_ends_while_its_supervisor_is_down_completes_with_its_real_result() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running);
        await scene.World.WaitAsync(9.2 + (scene.Random.NextDouble() * 0.5));
        await scene.World.RestartAsync();
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Completed, mostSeconds: 2);
        await scene.World.QuietAsync();
        Assert.Contains("result of child1", Assert.Single(scene.ToldOf(task)).Text, StringComparison.Ordinal);
    });

    [Fact] // CAN-11
    public void A_node_that_is_stopped_leaves_its_children_at_work_and_the_next_one_supervises_them() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(60);
        await scene.World.WaitAsync(scene.Random.Next(1, 50));
        await scene.World.Node.Engine.StopAsync(abort: false, CancellationToken.None);
        Assert.True((await scene.ChildAsync(task)).Working);
        await Assert.ThrowsAsync<RefusedException>(() => scene.DelegateAsync(1));
        await scene.World.RestartAsync();
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
        Assert.Equal(1, scene.Harness.Runs[(await scene.ChildAsync(task)).Messages[0].Key!]);
    });

    [Fact] // CRASH-1
    public void A_restart_at_any_moment_changes_no_outcome_and_loses_no_child()
    {
        var tasks = new List<TaskView>();
        Scene.PlayWithACrashEverywhere(
            async scene =>
            {
                tasks.Clear();
                scene.When("fail", async turn =>
                {
                    await turn.WorkAsync(7);
                    turn.Fail(new TaskError(FailureClass.Request, "context-overflow", "The prompt does not fit."));
                });
                tasks.Add(await scene.World.DelegateAsync(scene.Session, "work 5", "works"));
                tasks.Add(await scene.World.DelegateAsync(scene.Session, "fail", "fails"));
                await scene.World.QuietAsync();
            },
            async scene =>
            {
                var ends = new List<string>();
                foreach (var task in tasks)
                {
                    ends.Add($"{(await scene.World.TaskAsync(task.Id)).Status}, told {scene.ToldOf(task).Count()} time");
                }

                return $"{string.Join("; ", ends)}; {scene.Harness.Children.Count()} children";
            });
    }
}
