using Rouse.Core;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a wake that meets a busy parent is dropped, and nothing re-arms it (claude-code #87675: 19 launched, 15 told; openclaw #15549).
/// Rouse: it stays due until the gate opens, and then goes out once, without anyone typing.
/// </summary>
[Scenario(1)]
public sealed class W1
{
    private const int BusySeconds = 150;

    /// <summary>Of a node that dies with the claim: its restart, and the quiet before what may have been sent is sent again.</summary>
    private const int LateSeconds = 12;

    [Fact] // GATE-1, WAKE-1
    public void Nineteen_outcomes_that_meet_a_busy_parent_are_all_told_when_it_is_idle() => Scene.Play(
        async scene =>
        {
            scene.KeepParentBusy(BusySeconds);
            var idle = scene.World.Now.AddSeconds(BusySeconds);
            var tasks = new List<Engine.TaskView>();
            for (var i = 0; i < 19; i++)
            {
                tasks.Add(await scene.DelegateAsync(5 + scene.Random.Next(90), WakePolicy.Each));
            }

            scene.KillWithin(acts: 200);
            scene.AtEveryCommit(async () =>
            {
                var mailbox = await scene.World.MailboxAsync(scene.Session);
                Assert.All(mailbox, n => Assert.True(n.Owed ? n.Wake is not null : n.State == NoticeState.Consumed, $"{n.Id} is {n.State} without a wake"));
            });
            await scene.World.UntilAsync(() => scene.Parent.Wakes.Any(), "the parent is woken", BusySeconds + LateSeconds);
            await scene.World.QuietAsync();

            var wake = Assert.Single(scene.Parent.Wakes);
            Assert.InRange(wake.At, idle, idle.AddSeconds(scene.World.AwakeSince > idle ? LateSeconds : 5));
            Assert.All(tasks, t => Assert.Single(scene.ToldOf(t)));
            Assert.Single(scene.Parent.Messages, m => m.Origin == MessageOrigin.Person);
        },
        Scene.NoLimits);

    [Fact] // GATE-1
    public void A_parent_whose_signals_are_all_lost_is_woken_by_the_next_look() => Scene.Play(async scene =>
    {
        scene.Harness.Faults.LosesSignal = _ => true;
        scene.KeepParentBusy(1000);
        var task = await scene.DelegateAsync(10);
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
        Assert.Equal(1, (await scene.ReceiptAsync(task)).Sends);
    });

    [Fact] // GATE-6
    public void Silent_deposits_of_Rouses_own_at_the_tail_do_not_keep_the_parent_busy_for_ever() => Scene.Play(async scene =>
    {
        scene.KeepParentBusy(20);
        var task = await scene.DelegateAsync(40);
        await scene.World.WaitAsync(30);
        for (var i = scene.Random.Next(1, 4); i > 0; i--)
        {
            scene.Harness.Store(scene.Parent, MessageOrigin.Rouse, $"deposit{i}", "for your information");
        }

        await scene.World.UntilAsync(() => scene.ToldOf(task).Any(), "the wake goes out behind the deposits", 15);
        await scene.World.QuietAsync();
    });
}
