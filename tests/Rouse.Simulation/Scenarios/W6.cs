using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: "you will be notified", and the notice never comes, or only when a person types (claude-code #85534, #89505, #77578; opencode #33878).
/// Rouse: what is owed is visible at every instant and needs nobody to type; a wake that cannot come is not promised.
/// </summary>
[Scenario(6)]
public sealed class W6
{
    [Fact] // WAKE-1
    public void From_the_outcome_to_the_turn_that_took_it_in_the_wake_is_listed_as_owed() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        scene.AtEveryCommit(async () =>
        {
            if ((await scene.World.TaskAsync(task.Id)).SettledAt is not null)
            {
                var notice = await scene.NoticeAsync(task);
                var isAnswered = scene.ToldOf(task).SingleOrDefault() is { } entry && scene.Parent.Answers.Any(a => a.At >= entry.At);
                Assert.True(notice is { Owed: true, Wake: not null } || isAnswered, $"the notice is {notice.State}");
            }
        });
        scene.Harness.Faults.Once("deliver", new HarnessFault.Hangs(scene.Random.Next(2) == 0), c => c.Session == "parent");
        scene.KillWithin(acts: 25);
        scene.KillWithin(acts: 35);
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
    });

    [Fact]
    public void Nobody_has_to_type_however_the_parent_and_its_harness_came_to_rest() => Scene.Play(async scene =>
    {
        scene.Harness.Faults.LosesSignal = _ => scene.Random.Next(2) == 0;
        scene.KeepParentBusy(15);
        var task = await scene.DelegateAsync(30);
        await scene.World.WaitAsync(scene.Random.Next(1, 29));
        switch (scene.Random.Next(3))
        {
            case 0:
                scene.Harness.Stop(scene.Parent);
                break;
            case 1:
                scene.Harness.Die();
                await scene.World.WaitAsync(10);
                scene.Harness.Come();
                break;
        }

        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
        Assert.Single(scene.Parent.Messages, m => m.Origin == MessageOrigin.Person);
    });

    [Fact] // DEL-11
    public void A_session_that_no_route_can_wake_later_is_promised_no_wake() => Scene.Play(
        async scene =>
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() => scene.DelegateAsync(10));
            Assert.Equal((RefusalKind.Conflict, "no-route"), (refused.Refusal.Kind, refused.Refusal.Type));
            await scene.World.WaitAsync(60);
            Assert.Empty(scene.Harness.Children);

            var accepted = await scene.World.AskAsync(a => a.DelegateAsync(
                new DelegationRequest { From = scene.Session, Agent = "worker", Prompt = "work 10", Wake = WakePolicy.None }, CancellationToken.None));
            Assert.Contains("not to be woken", accepted.Message, StringComparison.Ordinal);
            await scene.World.UntilAsync(accepted.Task.Id, AgentTaskStatus.Completed);
            Assert.True((await scene.NoticeAsync(accepted.Task)).Owed);
            Assert.Empty(scene.Parent.Wakes);
        },
        w => w.Harness.Grade = w.Harness.Grade with { CanWake = false });

    [Theory] // API-4
    [InlineData("it works", "working")]
    [InlineData("a question is open", "open-question")]
    [InlineData("a person types", "person-typing")]
    [InlineData("it cannot be read", "unreadable")]
    [InlineData("its instance is down", "instance-down")]
    public void A_parent_that_is_not_woken_says_why_and_since_when(string why, string reason) => Scene.Play(
        async scene =>
        {
            var home = scene.World.Harnesses["sim@far"];
            var parent = home.Open("elsewhere");
            var session = await scene.World.RegisterAsync(parent);
            await scene.World.DelegateAsync(session, "work 10", change: r => r with { Instance = World.Main });
            switch (why)
            {
                case "it works":
                    home.PersonSays(parent, "work 600");
                    break;
                case "a question is open":
                    home.Play = turn => turn.AskAsync("may I?");
                    home.PersonSays(parent, "ask");
                    break;
                case "a person types":
                    parent.PersonTyping = true;
                    break;
                case "it cannot be read":
                    home.Faults.Each = c => c.Name == "inspect" ? new HarnessFault.Lost() : null;
                    break;
                default:
                    home.Cut();
                    break;
            }

            await scene.World.WaitAsync(200);
            if (scene.Random.Next(2) == 0)
            {
                await scene.World.RestartAsync();
                await scene.World.WaitAsync(10);
            }

            var explained = (await scene.World.AskAsync(a => a.ExplainAsync(session, CancellationToken.None)))!;
            Assert.Contains(explained.Reasons, r => r.Contains(reason, StringComparison.Ordinal));
            Assert.InRange((scene.World.Now - explained.Since!.Value).TotalSeconds, 150, 250);
            Assert.Equal(0, explained.Tries);
            Assert.True(explained.NextLook > scene.World.Now || reason == "instance-down", $"looked at next at {explained.NextLook}");
        },
        w => w.Add("sim@far"));
}
