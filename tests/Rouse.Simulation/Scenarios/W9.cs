using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a tiny fixed retry budget, and then the outcome is thrown away (openclaw #112616: 3 tries in 3 s, #93323: 11 outcomes in a day, #80728).
/// Rouse: an instance that is down uses up no tries and loses nothing.
/// </summary>
[Scenario(9)]
public sealed class W9
{
    private const string Home = "sim@home";
    private const double ThreeHours = 3 * 3600;

    [Fact] // WAKE-10
    public void A_parent_whose_instance_is_down_for_three_hours_is_woken_when_it_is_back() => Scene.Play(
        async scene =>
        {
            var home = scene.World.Harnesses[Home];
            var parent = home.Open("parent");
            var session = await scene.World.RegisterAsync(parent);
            var task = await scene.World.DelegateAsync(session, "work 10", change: r => r with { Instance = World.Main });
            await scene.World.WaitAsync(scene.Random.NextDouble() * 10);
            home.Die();
            var calls = home.Calls.Count;
            await scene.World.UntilAsync(task.Id, AgentTaskStatus.Completed);
            await scene.World.WaitAsync(ThreeHours / 2);
            await scene.World.RestartAsync();
            await scene.World.WaitAsync(ThreeHours / 2);
            var wake = await scene.ReceiptAsync(task);
            Assert.Equal((0, "instance-down"), (wake.Sends, wake.Hold!.Reason));
            Assert.InRange(home.Calls.Count - calls, 0, 3);

            home.Come();
            await scene.World.UntilAsync(() => parent.Wakes.Any(), "the wake goes out when it is back", 5);
            await scene.World.QuietAsync();
            Assert.Single(Scene.ToldOf(parent, task));
        },
        w => w.Add(Home));

    [Fact] // WATCH-7
    public void Children_whose_instance_is_down_for_three_hours_end_for_their_own_reasons_only() => Scene.Play(async scene =>
    {
        var finishes = await scene.DelegateAsync(600, WakePolicy.Each);
        var goesOn = await scene.DelegateAsync(15_000, WakePolicy.Each);
        await scene.World.WaitAsync(scene.Random.Next(5, 500));
        scene.Harness.Cut();
        await scene.World.WaitAsync(1);
        var calls = scene.Harness.Calls.Count;
        await scene.World.WaitAsync(ThreeHours / 2);
        if (scene.Random.Next(2) == 0)
        {
            await scene.World.RestartAsync();
        }

        await scene.World.WaitAsync(ThreeHours / 2);
        Assert.Equal(calls, scene.Harness.Calls.Count);
        Assert.Equal(AgentTaskStatus.Running, (await scene.World.TaskAsync(finishes.Id)).Status);
        Assert.Equal(AgentTaskStatus.Running, (await scene.World.TaskAsync(goesOn.Id)).Status);
        scene.Harness.Come();
        await scene.World.UntilAsync(finishes.Id, AgentTaskStatus.Completed, mostSeconds: 5);
        await scene.RestAsync(mostHours: 5);
        Assert.Single(scene.ToldOf(finishes));
        Assert.Single(scene.ToldOf(goesOn));
    });

    [Theory]
    [InlineData("refuses for now")]
    [InlineData("takes no connection")]
    [InlineData("loses what it is sent")]
    public void A_parent_that_cannot_be_sent_to_for_ten_minutes_is_woken_all_the_same(string harness) => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        var until = scene.World.Now.AddMinutes(10);
        scene.Harness.Faults.Each = c => c is not { Name: "deliver", Session: "parent" } || scene.World.Now > until ? null : harness switch
        {
            "refuses for now" => new HarnessFault.Answers(new DeliverResult.Refused(new TaskError(FailureClass.Passing, "overloaded", "Later, please."))),
            "takes no connection" => new HarnessFault.RefusedBefore(),
            _ => new HarnessFault.Lost(),
        };
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
        Assert.Equal(WakePhase.Consumed, (await scene.ReceiptAsync(task)).Phase);
        Assert.InRange(scene.Harness.Calls.Count(c => c is { Name: "deliver", Session: "parent" }), 2, 20);
    });
}
