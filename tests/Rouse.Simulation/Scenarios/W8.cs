using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a retry storm in which each retry is a full model run (openclaw #153417: 219 failed runs in 6 3/4 hours, 61 at once).
/// Rouse: an admitted wake costs at most two turns, a parked one none.
/// </summary>
[Scenario(8)]
public sealed class W8
{
    private const double FieldHours = 6.75;

    [Theory] // WAKE-7, WAKE-14
    [InlineData("says nothing")]
    [InlineData("ends in error")]
    [InlineData("ends at a tool call")]
    [InlineData("leaves no trace")]
    public void A_parent_that_shows_no_reply_costs_two_turns_and_is_then_shown_to_people(string turn) => Scene.Play(async scene =>
    {
        scene.When(t => t.Session == scene.Parent, t => TakeAsync(scene, t, turn));
        var task = await scene.DelegateAsync(10);
        await scene.World.WaitAsync(FieldHours * 3600);
        await scene.World.QuietAsync(mostSeconds: 1);

        Assert.InRange(scene.TurnsOf(scene.Parent), 1, 2);
        Assert.Single(scene.ToldOf(task));
        var dead = Assert.Single((await scene.World.AskAsync(a => a.DeadLettersAsync(after: null, 10, CancellationToken.None))).Items);
        Assert.Equal(turn == "leaves no trace" ? "NotBegun" : "NotConsumed", dead.DeadLetter);
    });

    [Fact] // WAKE-7
    public void A_parent_that_shows_no_reply_costs_two_turns_also_when_the_node_is_killed_again_and_again() => Scene.Play(async scene =>
    {
        scene.When(t => t.Session == scene.Parent, t => t.WorkAsync(20));
        await scene.DelegateAsync(10);
        for (var i = 0; i < 10; i++)
        {
            await scene.World.WaitAsync(1 + (scene.Random.NextDouble() * 10));
            await scene.World.RestartAsync();
        }

        await scene.World.QuietAsync();
        Assert.InRange(scene.TurnsOf(scene.Parent), 1, 2);
    });

    [Theory]
    [InlineData("busy")]
    [InlineData("asking")]
    [InlineData("out of reach")]
    public void A_parked_wake_costs_no_turn_and_no_try_for_hours(string parent) => Scene.Play(async scene =>
    {
        scene.When("ask", t => t.AskAsync("may I?"));
        scene.Harness.PersonSays(scene.Parent, parent == "asking" ? "ask" : Scene.Work(FieldHours * 3600));
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Completed);
        if (parent == "out of reach")
        {
            scene.Harness.Cut();
        }

        await scene.World.WaitAsync((FieldHours * 3600) - 100);
        Assert.Equal(0, scene.TurnsOf(scene.Parent));
        var wake = await scene.ReceiptAsync(task);
        Assert.Equal((WakePhase.Due, 0), (wake.Phase, wake.Sends));
        Assert.Equal(0, scene.Harness.Calls.Count(c => c is { Name: "deliver", Session: "parent" }));
    });

    private static async Task TakeAsync(Scene scene, SimTurn turn, string how)
    {
        switch (how)
        {
            case "leaves no trace":
                await scene.World.WaitAsync(3);
                break;
            case "ends in error":
                await turn.WorkAsync(3);
                turn.Fail(new TaskError(FailureClass.Passing, "overloaded", "The provider is overloaded."));
                break;
            case "ends at a tool call":
                await turn.ToolAsync(3);
                break;
            default:
                await turn.WorkAsync(3);
                break;
        }
    }
}
