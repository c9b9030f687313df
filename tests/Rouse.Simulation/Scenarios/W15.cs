using System.Text;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: N completions make N turns of the parent (proliferate #1965).
/// Rouse: they merge into one wake, bounded in size, and failures are never merged away.
/// </summary>
[Scenario(15)]
public sealed class W15
{
    private static readonly TaskError Overflow = new(FailureClass.Request, "context-overflow", "The prompt does not fit into the context.");

    [Fact] // NOTE-5
    public void Fifty_outcomes_while_the_parent_works_are_one_bounded_wake_in_mailbox_order() => Scene.Play(
        async scene =>
        {
            scene.When("a lot", async turn =>
            {
                await turn.WorkAsync(scene.Random.Next(10, 500));
                turn.Say(new string('x', 7_000));
            });
            scene.KeepParentBusy(600);
            var tasks = new List<TaskView>();
            for (var i = 0; i < 50; i++)
            {
                tasks.Add(await scene.World.DelegateAsync(scene.Session, WakePolicy.Each, "a lot"));
            }

            scene.KillWithin(acts: 400);
            await scene.World.WaitAsync(590);
            Assert.Empty(scene.Parent.Wakes);
            await scene.RestAsync(mostHours: 1);

            var text = Assert.Single(scene.Parent.Wakes).Text;
            var order = (await scene.World.MailboxAsync(scene.Session)).Select(n => text.IndexOf($"Task: {n.Task}\n", StringComparison.Ordinal)).ToList();
            Assert.Equal(50, order.Count(at => at >= 0));
            Assert.Equal(order.Order(), order);
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 60_000, 100_000);
            Assert.InRange(text.Split("not shown here").Length - 1, 35, 45);
        },
        Scene.NoLimits,
        interleavings: 5);

    [Fact] // NOTE-2
    public void A_group_is_told_in_one_wake_when_its_last_task_has_settled() => Scene.Play(async scene =>
    {
        var tasks = new List<TaskView>();
        for (var i = 0; i < 3; i++)
        {
            tasks.Add(await scene.DelegateAsync(scene.Random.Next(5, 60), group: "review"));
        }

        var other = await scene.DelegateAsync(200, group: "another");
        scene.KillWithin(acts: 50);
        await scene.World.UntilAsync(() => scene.Parent.Wakes.Any(), "the group is told", 65);
        foreach (var task in tasks)
        {
            Assert.Equal(AgentTaskStatus.Completed, (await scene.World.TaskAsync(task.Id)).Status);
            Assert.Single(scene.ToldOf(task));
        }

        Assert.Contains("3 completed", Assert.Single(scene.Parent.Wakes).Text, StringComparison.Ordinal);
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(other));
    });

    [Fact] // NOTE-3
    public void Failures_wait_for_no_sibling_are_told_in_full_once_and_are_named_at_the_end() => Scene.Play(
        async scene =>
        {
            scene.When("fail", async turn =>
            {
                await turn.WorkAsync(5);
                turn.Fail(Overflow);
            });
            var fine = new List<TaskView>();
            for (var i = 0; i < 12; i++)
            {
                fine.Add(await scene.DelegateAsync(scene.Random.Next(60, 100)));
            }

            var failed = new[] { await scene.World.DelegateAsync(scene.Session, "fail"), await scene.World.DelegateAsync(scene.Session, "fail") };
            await scene.World.UntilAsync(() => scene.Parent.Wakes.Any(), "a failure is told at once", 7);
            await scene.World.QuietAsync();

            var wakes = scene.Parent.Wakes.ToList();
            Assert.InRange(wakes.Count, 2, 3); // the second failure may come when the first is on its way
            Assert.Contains("still running", wakes[0].Text, StringComparison.Ordinal);
            Assert.All(fine, t => Assert.Single(Scene.ToldOf(scene.Parent, t), wakes[^1]));
            Assert.All(failed, t =>
            {
                Assert.Contains(Overflow.Message, Assert.Single(scene.ToldOf(t)).Text, StringComparison.Ordinal);
                Assert.Contains($"Told before: {t.Id}", wakes[^1].Text, StringComparison.Ordinal);
            });
            Assert.DoesNotContain(Overflow.Message, wakes[^1].Text, StringComparison.Ordinal);
        },
        Scene.NoLimits);
}
