using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: slots leak, a cancel does not cascade, orphans go on spending (codex #13947; agent-framework #7596, #7602). Rouse: slots follow the state of tasks, a
/// cancel takes the subtree. That trees of processes die (HARN-4) is shown on real processes, in the conformance tests.
/// </summary>
[Scenario(14)]
public sealed class W14
{
    [Fact] // LANE-3
    public void A_slot_frees_with_the_outcome_though_the_wake_for_it_hangs() => Scene.Play(
        async scene =>
        {
            scene.Harness.Faults.Each = c => c is { Name: "deliver", Session: "parent" } ? new HarnessFault.Hangs(Done: false) : null;
            var tasks = new List<TaskView>();
            for (var i = 0; i < 8; i++)
            {
                tasks.Add(await scene.DelegateAsync(10, WakePolicy.Each));
            }

            await scene.World.WaitAsync(85);
            foreach (var task in tasks)
            {
                Assert.Equal(AgentTaskStatus.Completed, (await scene.World.TaskAsync(task.Id)).Status);
            }

            scene.Harness.Faults.Each = null;
            await scene.RestAsync(mostHours: 1);
            Assert.All(tasks, t => Assert.Single(scene.ToldOf(t)));
        },
        w => Scene.Lane(w, limit: 1));

    [Fact] // LANE-5
    public void A_cancel_that_meets_the_grant_of_a_slot_loses_none_and_starts_nothing() => Scene.Play(
        async scene =>
        {
            var first = await scene.World.DelegateAsync(scene.Session, "work 10");
            var cancelled = await scene.World.DelegateAsync(scene.Session, "cancelled");
            var next = await scene.World.DelegateAsync(scene.Session, "next");
            Task<CancelReply>? cancel = null;
            scene.World.Journal.OnCommitting += c => cancel ??= c.SlotsFreed.Count > 0 ? CancelAsync() : null;
            await scene.World.UntilAsync(first.Id, AgentTaskStatus.Completed);
            var before = Assert.Single((await cancel!).Items).Before;
            await scene.World.UntilAsync(next.Id, AgentTaskStatus.Running, mostSeconds: 1);
            await scene.World.QuietAsync();
            Assert.Equal(before == AgentTaskStatus.Queued ? 2 : 3, scene.Harness.Children.Count());
            Assert.Equal(["work 10", "next"], scene.Harness.Children.Where(c => c.Answers.Any(a => a.Error is null)).Select(c => c.Messages[0].Text));

            async Task<CancelReply> CancelAsync()
            {
                await scene.World.WaitAsync(scene.Random.NextDouble() / 100);
                return await scene.World.CancelAsync(cancelled.Id, by: scene.Session);
            }
        },
        w => Scene.Lane(w, limit: 1));

    [Fact] // CAN-5
    public void A_cancel_of_the_top_ends_the_whole_tree_and_all_that_it_spends() => Scene.Play(
        async scene =>
        {
            Spread(scene, "top", "middle");
            Spread(scene, "middle", "work 100000");
            var top = await scene.World.DelegateAsync(scene.Session, "top");
            await scene.World.WaitAsync(scene.Random.NextDouble() * 15);
            scene.KillWithin(acts: 20);
            await scene.World.CancelAsync(top.Id, by: scene.Session);
            await scene.World.QuietAsync();
            await scene.World.WaitAsync(100);
            await StandsStillAsync(scene);
            Assert.Empty(scene.Parent.Wakes);
        },
        Scene.NoLimits);

    [Fact] // CAN-12
    public void The_work_under_a_task_that_fails_is_cancelled_with_it() => Scene.Play(
        async scene =>
        {
            Spread(scene, "top", "middle", () => new TaskError(FailureClass.Request, "context-overflow", "The prompt does not fit."));
            Spread(scene, "middle", "work 100000");
            var top = await scene.World.DelegateAsync(scene.Session, "top");
            await scene.World.UntilAsync(top.Id, AgentTaskStatus.Failed);
            await scene.World.QuietAsync();
            await scene.World.WaitAsync(100);
            await StandsStillAsync(scene);
            Assert.Single(scene.ToldOf(top));
        },
        Scene.NoLimits);

    [Fact]
    public void After_any_mixture_of_ends_the_lane_holds_as_many_as_before() => Scene.Play(
        async scene =>
        {
            scene.When("fail", async turn =>
            {
                await turn.WorkAsync(5);
                turn.Fail(new TaskError(FailureClass.Request, "invalid-request", "The request is not valid."));
            });
            var tasks = new List<TaskView>();
            for (var i = 0; i < 12; i++)
            {
                tasks.Add(await scene.World.DelegateAsync(scene.Session, scene.Random.Next(4) == 0 ? "fail" : Scene.Work(scene.Random.Next(1, 20))));
            }

            scene.KillWithin(acts: 60);
            scene.KillWithin(acts: 120);
            for (var i = 0; i < 4; i++)
            {
                await scene.World.WaitAsync(scene.Random.NextDouble() * 20);
                await scene.World.CancelAsync(tasks[scene.Random.Next(tasks.Count)].Id);
                if (scene.Random.Next(3) == 0 && scene.Harness.Children.LastOrDefault() is { } child)
                {
                    scene.Harness.Delete(child);
                }
            }

            await scene.World.QuietAsync();
            for (var i = 0; i < 5; i++)
            {
                await scene.DelegateAsync(60);
            }

            await scene.World.WaitAsync(5);
            Assert.Equal(3, scene.Harness.Children.Count(c => c.Working));
        },
        w => Scene.Lane(w, limit: 3));

    /// <summary>Who is prompted with the one delegates the other twice and works on, or fails.</summary>
    private static void Spread(Scene scene, string prompt, string below, Func<TaskError>? fails = null) => scene.When(prompt, async turn =>
    {
        await turn.WorkAsync(3);
        for (var i = 0; i < 2; i++)
        {
            try
            {
                await scene.DelegateFromAsync(turn.Session, below);
            }
            catch (RefusedException refused)
            {
                Assert.Equal("task-settled", refused.Refusal.Type);
            }
        }

        await turn.WorkAsync(fails is null ? 100_000 : 10);
        turn.Fail(fails!());
    });

    /// <summary>Nobody works, nothing starts, no slot is held, and every task has ended.</summary>
    private static async Task StandsStillAsync(Scene scene)
    {
        Assert.DoesNotContain(scene.Harness.Children, c => c.Working);
        Assert.Empty(scene.World.Journal.Slots);
        var query = new TaskQuery(Session: null, scene.Session.Crew, Statuses: null, After: null, Most: 100);
        var all = (await scene.World.AskAsync(a => a.TasksAsync(query, CancellationToken.None))).Items;
        Assert.All(all, t => Assert.Contains(t.Status, new[] { AgentTaskStatus.Cancelled, AgentTaskStatus.Failed }));
    }
}
