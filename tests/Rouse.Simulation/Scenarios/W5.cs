using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a child counts as complete while its own background work is open (opencode #48826, #45480, #35066).
/// Rouse: it is settling until all that it delegated is settled and it has taken that in.
/// </summary>
[Scenario(5)]
public sealed class W5
{
    [Fact] // DONE-4
    public void A_child_completes_only_after_it_has_taken_in_what_it_delegated() => Scene.Play(async scene =>
    {
        DelegateFrom(scene, "outer", "middle");
        DelegateFrom(scene, "middle", "work 60");
        var outer = await scene.World.DelegateAsync(scene.Session, "outer");
        scene.AtEveryCommit(async () =>
        {
            if ((await scene.World.TaskAsync(outer.Id)).Status == AgentTaskStatus.Completed)
            {
                Assert.Equal("with what came back", (await scene.ChildAsync(outer)).Answers.Last().Text);
            }
        });
        await scene.World.UntilAsync(outer.Id, AgentTaskStatus.Settling);
        Assert.False((await scene.ChildAsync(outer)).Working);
        Assert.DoesNotContain(scene.World.Journal.Slots, s => s.Task == outer.Id);
        scene.KillWithin(acts: 60);
        await scene.World.WaitAsync(40);
        Assert.Empty(scene.Parent.Wakes);
        await scene.World.QuietAsync();

        Assert.Contains("with what came back", Assert.Single(scene.ToldOf(outer)).Text, StringComparison.Ordinal);
        Assert.All(scene.Harness.Children.SkipLast(1), c => Assert.Single(c.Wakes));
    });

    [Theory] // DONE-4
    [InlineData("it fails")]
    [InlineData("it is lost")]
    [InlineData("it is cancelled")]
    public void A_child_whose_own_work_ends_badly_hears_of_it_before_it_completes(string end) => Scene.Play(async scene =>
    {
        var inner = DelegateFrom(scene, "outer", "inner");
        scene.When("inner", async turn =>
        {
            await turn.WorkAsync(20);
            turn.Fail(new TaskError(FailureClass.Request, "context-overflow", "The prompt does not fit."));
        });
        var outer = await scene.World.DelegateAsync(scene.Session, "outer");
        await scene.World.UntilAsync(outer.Id, AgentTaskStatus.Settling);
        var below = Assert.Single(inner);
        await scene.World.UntilAsync(below.Id, AgentTaskStatus.Running);
        if (end == "it is lost")
        {
            scene.Harness.Delete(await scene.ChildAsync(below), tell: false);
            await scene.World.RestartAsync();
        }
        else if (end == "it is cancelled")
        {
            await scene.World.CancelAsync(below.Id);
        }

        await scene.World.QuietAsync();
        var child = await scene.ChildAsync(outer);
        Assert.Single(Scene.ToldOf(child, below));
        Assert.Equal("with what came back", (await scene.OutputAsync(outer)).Text);
        Assert.Single(scene.ToldOf(outer));
    });

    [Fact] // DONE-4
    public void What_a_session_opened_by_the_harness_below_the_child_delegates_is_the_childs_open_work() => Scene.Play(async scene =>
    {
        var native = scene.Harness.Open("native");
        scene.When("outer", async turn =>
        {
            await turn.WorkAsync(3);
            var child = await scene.World.IdOfAsync(turn.Session);
            var request = new SessionRequest { Address = native.Address, Parent = child };
            var below = await scene.World.AskAsync(a => a.RegisterAsync(request, CancellationToken.None));
            await scene.World.DelegateAsync(below.Session.Id, "work 60");
            turn.Say("a sub-agent of mine has delegated");
        });
        var outer = await scene.World.DelegateAsync(scene.Session, "outer");
        await scene.World.WaitAsync(40);
        Assert.Equal(AgentTaskStatus.Settling, (await scene.World.TaskAsync(outer.Id)).Status);
        await scene.World.QuietAsync();
        Assert.Single(native.Wakes);
        Assert.Equal(AgentTaskStatus.Completed, (await scene.World.TaskAsync(outer.Id)).Status);
        Assert.Single(scene.ToldOf(outer));
    });

    /// <summary>Who is prompted with the one delegates the other, ends its turn with output, and speaks again when it is woken.</summary>
    private static List<TaskView> DelegateFrom(Scene scene, string prompt, string below)
    {
        var delegated = new List<TaskView>();
        scene.When(prompt, async turn =>
        {
            await turn.WorkAsync(3);
            delegated.Add(await scene.DelegateFromAsync(turn.Session, below));
            turn.Say("it is under way");
        });
        scene.When(turn => turn.IsWake && turn.Session.Messages[0].Text == prompt, async turn =>
        {
            await turn.WorkAsync(5);
            turn.Say("with what came back");
        });
        return delegated;
    }
}
