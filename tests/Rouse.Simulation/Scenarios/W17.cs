using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: the handle is dead after an interruption, a compaction or a reload (codegraff #753; oh-my-openagent #4074).
/// Rouse: handles and outputs come from the journal, and reading consumes nothing.
/// </summary>
[Scenario(17)]
public sealed class W17
{
    [Theory] // DONE-9
    [InlineData("the node restarts")]
    [InlineData("the harness restarts")]
    [InlineData("the parent is interrupted")]
    [InlineData("the parent is compacted")]
    [InlineData("the child is deleted")]
    public void A_handle_and_its_output_outlive_whatever_happens_to_the_sessions(string what) => Scene.Play(async scene =>
    {
        scene.KeepParentBusy(100);
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Completed);
        var before = await scene.OutputAsync(task);
        switch (what)
        {
            case "the node restarts":
                await scene.World.RestartAsync();
                break;
            case "the harness restarts":
                scene.Harness.Die();
                await scene.World.WaitAsync(scene.Random.Next(1, 100));
                Assert.Equal(before, await scene.OutputAsync(task));
                scene.Harness.Come();
                break;
            case "the parent is interrupted":
                scene.Harness.Stop(scene.Parent);
                break;
            case "the parent is compacted":
                scene.Parent.Messages.RemoveAll(m => m != scene.Parent.Messages[^1]);
                break;
            default:
                scene.Harness.Delete(await scene.ChildAsync(task));
                break;
        }

        await scene.World.QuietAsync();
        var twoReaders = await Task.WhenAll(scene.OutputAsync(task), scene.OutputAsync(task));
        Assert.All(twoReaders.Append(await scene.OutputAsync(task)), o => Assert.Equal(before, o));
        Assert.Equal("result of child1", before.Text);
        Assert.Single((await scene.World.TaskAsync(task.Id)).Attempts);
        Assert.Single(scene.ToldOf(task));
    });

    [Fact] // API-2
    public void A_handle_is_found_after_a_thousand_newer_tasks_and_a_restart() => Scene.Play(
        async scene =>
        {
            scene.Harness.Latency = TimeSpan.Zero;
            var first = await scene.DelegateAsync(1);
            await scene.World.QuietAsync();
            var before = await scene.OutputAsync(first);
            for (var i = 0; i < 20; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scene.DelegateAsync(1)));
                await scene.World.QuietAsync();
            }

            await scene.World.RestartAsync();
            Assert.Equal(before, await scene.OutputAsync(first));
            Assert.Equal(AgentTaskStatus.Completed, (await scene.World.TaskAsync(first.Id)).Status);
            var child = await scene.World.AskAsync(a => a.FindSessionAsync(new Address(World.Main, "child1"), CancellationToken.None));
            Assert.Equal(first.Id, child!.Task);
            Assert.Equal(1_001, scene.World.Journal.Events.Count(e => e.Type == "task.settled"));
        },
        Scene.NoLimits,
        interleavings: 1);
}
