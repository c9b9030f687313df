using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: one completion is delivered many times (openclaw #18264: more than 100 over hours, #17122: direct and queued; hermes-webui #4799: again
/// after a restart). Rouse: at most one entry in the history, whatever is retried.
/// </summary>
[Scenario(7)]
public sealed class W7
{
    [Fact] // WAKE-4
    public void A_send_that_stored_its_prompt_and_broke_is_not_repeated_however_long_the_read_back_fails() => Scene.Play(async scene =>
    {
        var hours = scene.Random.Next(1, 4);
        var blindUntil = scene.World.Now.AddHours(hours);
        scene.Harness.Faults.Each = c => c switch
        {
            { Name: "deliver", Session: "parent" } => new HarnessFault.AnswerLost(),
            { Name: "find", Session: "parent" } when scene.World.Now < blindUntil => new HarnessFault.Lost(),
            _ => null,
        };
        var task = await scene.DelegateAsync(10);
        for (var i = 0; i < 5; i++)
        {
            await scene.World.WaitAsync(scene.Random.NextDouble() * hours * 600);
            await scene.World.RestartAsync();
        }

        await scene.RestAsync(mostHours: 4);
        Assert.Single(scene.ToldOf(task));
        Assert.Equal(1, scene.TurnsOf(scene.Parent));
        Assert.Equal(1, scene.Harness.Calls.Count(c => c is { Name: "deliver", Session: "parent" }));
    });

    [Fact] // WAKE-5
    public void A_send_that_broke_and_is_stored_late_or_never_ends_in_one_entry() => Scene.Play(async scene =>
    {
        var late = TimeSpan.FromSeconds(scene.Random.NextDouble() * 20);
        HarnessFault fault = scene.Random.Next(3) == 0 ? new HarnessFault.Lost() : new HarnessFault.DoneLater(late);
        scene.Harness.Faults.Once("deliver", fault, c => c.Session == "parent");
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(() => scene.Harness.Calls.Exists(c => c is { Name: "deliver", Session: "parent" }), "it was sent");
        var first = scene.World.Now;
        if (scene.Random.Next(2) == 0)
        {
            await scene.World.RestartAsync();
        }

        await scene.World.QuietAsync();
        await scene.World.WaitAsync(60);
        Assert.Single(scene.ToldOf(task));
        Assert.Equal(1, scene.TurnsOf(scene.Parent));
        Assert.Single(scene.Harness.Calls.Where(c => c is { Name: "deliver", Session: "parent" }).Select(c => c.Key).Distinct());
        if (fault is HarnessFault.Lost)
        {
            Assert.InRange((scene.Parent.Wakes.Single().At - first).TotalSeconds, 4.8, 8);
        }
    });

    [Fact] // DONE-5
    public void One_end_that_is_reported_a_hundred_times_and_replayed_later_is_one_outcome() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        await scene.World.WaitAsync(9.9);
        for (var i = 0; i < 100; i++)
        {
            scene.Harness.Say(new HarnessSignal.Changed("child1"));
            await scene.World.WaitAsync(scene.Random.NextDouble() / 50);
        }

        await scene.World.QuietAsync();
        for (var i = 0; i < 100; i++)
        {
            scene.Harness.Say(i % 2 == 0 ? new HarnessSignal.Changed("child1") : new HarnessSignal.Changed("parent"));
        }

        await scene.World.WaitAsync(3600);
        Assert.Single(scene.ToldOf(task));
        Assert.Single(await scene.World.MailboxAsync(scene.Session));
        Assert.Equal(1, scene.World.Journal.Events.Count(e => e.Type == "task.settled"));
    });

    [Fact]
    public void An_outcome_that_the_parent_has_read_and_acknowledged_is_not_delivered_as_well() => Scene.Play(async scene =>
    {
        scene.KeepParentBusy(100);
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Completed);
        var notice = await scene.NoticeAsync(task);
        await scene.World.AskAsync<bool>(async a =>
        {
            await a.AcknowledgeAsync(scene.Session, [notice.Id], CancellationToken.None);
            return true;
        });
        await scene.World.WaitAsync(3600);
        Assert.Empty(scene.Parent.Wakes);
        Assert.Equal(NoticeState.Acknowledged, (await scene.NoticeAsync(task)).State);
        await scene.World.QuietAsync(mostSeconds: 1);
    });
}
