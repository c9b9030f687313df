using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a parent that is gone for good, or has no transport at all, is retried as if that would pass (openclaw #120257; hermes-agent #96070, #96086:
/// the tries were used up although no adapter existed). Rouse: gone is dead-lettered at once, without a transport it is parked.
/// </summary>
[Scenario(10)]
public sealed class W10
{
    private const string Home = "sim@home";

    [Fact] // WAKE-10
    public void A_parent_that_is_gone_is_dead_lettered_without_a_send_and_never_tried_again() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        await scene.World.WaitAsync(scene.Random.NextDouble() * 9);
        scene.Harness.Delete(scene.Parent, tell: false);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await scene.World.QuietAsync(mostSeconds: 70);
        var calls = scene.Harness.Calls.Count(c => c.Session == "parent");
        Assert.InRange(calls, 3, 5);

        await scene.World.RestartAsync();
        await scene.World.WaitAsync(7 * 24 * 3600);
        Assert.Equal(calls, scene.Harness.Calls.Count(c => c.Session == "parent"));
        var notice = await scene.NoticeAsync(task);
        Assert.Equal((NoticeState.DeadLettered, "SessionGone", 0), (notice.State, notice.Wake!.DeadLetter!, notice.Wake.Sends));
        Assert.Single((await scene.World.AskAsync(a => a.DeadLettersAsync(after: null, 10, CancellationToken.None))).Items);
        Assert.Equal("result of child1", (await scene.OutputAsync(task)).Text);
    });

    [Fact] // WAKE-10
    public void A_parent_that_is_missing_only_for_a_moment_is_not_given_up() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        var misses = scene.Random.Next(1, 3);
        scene.Harness.Faults.Each = c =>
            c is { Name: "inspect", Session: "parent" } && misses-- > 0 ? new HarnessFault.Answers(new InspectResult.Missing()) : null;
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
    });

    [Fact] // ROUTE-12
    public void A_parent_whose_instance_the_node_no_longer_serves_is_parked_without_a_try_until_it_does_again() => Scene.Play(
        async scene =>
        {
            var (main, home) = (scene.World.Harnesses[World.Main], scene.World.Harnesses[Home]);
            var (journal, parent) = (new MemoryJournal(scene.World.Time), home.Open("parent"));
            var task = await LiveAsync([main, home], async agents =>
            {
                var session = (await agents.RegisterAsync(new SessionRequest { Address = parent.Address }, CancellationToken.None)).Session.Id;
                var request = new DelegationRequest { From = session, Agent = "worker", Prompt = "work 10", Instance = World.Main };
                return (await agents.DelegateAsync(request, CancellationToken.None)).Task;
            });
            await LiveAsync([main], async agents =>
            {
                await scene.World.WaitAsync(24 * 3600);
                Assert.Equal(AgentTaskStatus.Completed, (await agents.FindTaskAsync(task.Id, CancellationToken.None))!.Status);
                var notice = Assert.Single((await agents.MailboxAsync(task.From, CancellationToken.None))!);
                Assert.Equal((true, WakePhase.Due, 0), (notice.Owed, notice.Wake!.Phase, notice.Wake.Sends));
                var explained = (await agents.ExplainAsync(task.From, CancellationToken.None))!;
                Assert.Contains("instance-down", Assert.Single(explained.Reasons), StringComparison.Ordinal);
                return task;
            });
            await LiveAsync([main, home], async _ =>
            {
                await scene.World.UntilAsync(() => parent.Wakes.Any(), "it is woken when its instance is served again", 5);
                await scene.World.UntilAsync(() => journal.Owed.Count == 0, "nothing is owed");
                return task;
            });
            Assert.Single(Scene.ToldOf(parent, task));

            async Task<TaskView> LiveAsync(IReadOnlyList<IHarness> harnesses, Func<IBackgroundAgents, Task<TaskView>> live)
            {
                await using var engine = Scene.Engine(scene.World, journal, harnesses);
                await engine.StartAsync(CancellationToken.None);
                return await live(engine.Agents);
            }
        },
        w => w.Add(Home));

    [Fact(Skip = "dormant sessions are not resumed yet")] // ROUTE-12
    public void A_resume_that_cannot_work_is_parked_with_its_reason_and_not_retried() => Scene.Untold();
}
