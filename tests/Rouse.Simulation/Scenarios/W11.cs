using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a crash between "result stored" and "wake queued" (hermes-agent #84390: 70 min with 0 attempts, #76605; trigger.dev #3725).
/// Rouse: one commit holds both, and what is owed is performed by the next process.
/// </summary>
[Scenario(11)]
public sealed class W11
{
    [Fact] // CRASH-1
    public void A_delegation_has_one_outcome_and_one_entry_wherever_the_node_is_killed()
    {
        TaskView task = null!;
        Scene.PlayWithACrashEverywhere(
            async scene =>
            {
                task = await scene.World.DelegateAsync(scene.Session, "work 5", "key");
                await scene.World.QuietAsync();
            },
            async scene => $"{(await scene.World.TaskAsync(task.Id)).Status} with '{(await scene.OutputAsync(task)).Text}', "
                + $"notice {(await scene.NoticeAsync(task)).State}, "
                + $"{scene.ToldOf(task).Count()} entry, {scene.TurnsOf(scene.Parent)} turn, {scene.Harness.Children.Count()} child");
    }

    [Theory] // NOTE-1, CRASH-6
    [InlineData(AgentTaskStatus.Completed)]
    [InlineData(AgentTaskStatus.Failed)]
    [InlineData(AgentTaskStatus.Cancelled)]
    [InlineData(AgentTaskStatus.Lost)]
    public void An_outcome_whose_node_died_with_its_commit_is_told_within_a_second_of_the_next_start(AgentTaskStatus end) => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(end == AgentTaskStatus.Completed ? 10 : 10_000);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running);
        DateTimeOffset? settled = null;
        scene.World.Journal.OnCommitted += commit =>
        {
            if (settled is null && commit.Events.Any(e => e.Type == "task.settled"))
            {
                settled = scene.World.Now;
                Assert.Single(commit.Events, e => e.Type == "notice.posted");
                Assert.Contains(commit.Owed, o => o.Kind == ObligationKind.Deliver);
                scene.World.Node.Kill();
            }
        };
        await EndAsync(scene, task, end);
        await scene.World.UntilAsync(() => scene.ToldOf(task).Any(), "the parent is told");
        Assert.InRange((scene.ToldOf(task).Single().At - settled!.Value).TotalSeconds, 1, 2); // the next node starts after 1 s
        Assert.Equal(end, (await scene.World.TaskAsync(task.Id)).Status);
        await scene.World.QuietAsync();
    });

    private static async Task EndAsync(Scene scene, TaskView task, AgentTaskStatus end)
    {
        await scene.World.WaitAsync(scene.Random.NextDouble() * 5);
        var child = await scene.ChildAsync(task);
        switch (end)
        {
            case AgentTaskStatus.Failed:
                scene.Harness.Die();
                await scene.World.WaitAsync(5);
                scene.Harness.Come();
                break;
            case AgentTaskStatus.Cancelled:
                await scene.World.CancelAsync(task.Id);
                break;
            case AgentTaskStatus.Lost:
                scene.Harness.Delete(child, tell: false);
                scene.Harness.Say(new HarnessSignal.Changed(child.Address.Id));
                break;
        }
    }
}
