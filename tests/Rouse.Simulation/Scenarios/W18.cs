using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a spawn is acknowledged and never runs (codex #23296; oh-my-openagent #4074: the error came before the first prompt was stored).
/// Rouse: it starts or fails visibly, with its context.
/// </summary>
[Scenario(18)]
public sealed class W18
{
    private static readonly TaskError Overloaded = new(FailureClass.Passing, "overloaded", "The provider is overloaded.");

    [Theory] // ATT-2
    [InlineData("in its answer")]
    [InlineData("on the stream only")]
    public void An_error_before_the_first_prompt_is_stored_costs_the_next_attempt_nothing_of_its_context(string told) => Scene.Play(async scene =>
    {
        scene.Harness.Faults.Each = c => c is { Name: "deliver", Session: "child1" }
            ? new HarnessFault.Answers(told == "in its answer" ? new DeliverResult.Refused(Overloaded) : new DeliverResult.Sent())
            : null;
        var task = await scene.World.DelegateAsync(scene.Session, "the prompt", change: r => r with
        {
            Model = "acme/big",
            Fallbacks = ["acme/small"],
            System = "be brief",
            Directory = "/project",
            Permissions = [new PermissionRule("webfetch", "*", "deny")],
            Tools = r.Tools.Add("bash", false),
        });
        await scene.World.UntilAsync(() => scene.Harness.CallsOf("deliver") > 0, "the first prompt was sent");
        scene.KillWithin(acts: 20);
        await scene.World.WaitAsync(scene.Random.NextDouble() * 3);
        if (told != "in its answer")
        {
            scene.Harness.Say(new HarnessSignal.Failed("child1", Overloaded));
        }

        await scene.World.QuietAsync();
        var (first, second) = (scene.Harness["child1"], scene.Harness["child2"]);
        Assert.Empty(first.Messages);
        Assert.Equal("the prompt", second.Messages[0].Text);
        Assert.Equal(("acme/big", "acme/small"), (first.Spec!.Model, second.Spec!.Model));
        Assert.Equal(("worker", "be brief", "/project"), (second.Spec.Agent, second.Spec.System, second.Spec.Directory));
        Assert.Equal(first.Spec.Permissions, second.Spec.Permissions.AsEnumerable());
        Assert.Equal(first.Spec.Tools, second.Spec.Tools.AsEnumerable());
        Assert.Single(scene.ToldOf(task));
    });

    [Theory] // ATT-9
    [InlineData(true)]
    [InlineData(false)]
    public void A_first_prompt_whose_answer_is_lost_is_run_once(bool stored) => Scene.Play(async scene =>
    {
        scene.Harness.Faults.Once("deliver", stored ? new HarnessFault.AnswerLost() : new HarnessFault.Lost());
        for (var i = scene.Random.Next(3); i > 0; i--)
        {
            scene.Harness.Faults.Once("find", new HarnessFault.Lost());
        }

        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(() => scene.Harness.CallsOf("deliver") > 0, "it was sent");
        var killed = scene.Random.Next(2);
        if (killed == 1)
        {
            scene.KillWithin(acts: 8);
        }

        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running, 30);
        await scene.World.QuietAsync();
        var child = Assert.Single(scene.Harness.Children);
        Assert.Equal(1, scene.TurnsOf(child));
        Assert.InRange(scene.Harness.Calls.Count(c => c is { Name: "deliver", Session: "child1" }), 1, (stored ? 1 : 2) + killed);
    });

    [Fact] // CRASH-2, CRASH-3
    public void What_was_acknowledged_starts_whole_and_once_wherever_the_node_is_killed() => Scene.PlayWithACrashEverywhere(
        async scene =>
        {
            foreach (var key in new[] { "first", "second", "third" })
            {
                await scene.World.DelegateAsync(scene.Session, key, key, r => r with { System = $"system of {key}" });
            }

            await scene.World.QuietAsync();
        },
        scene => Task.FromResult(string.Join(
            "; ", scene.Harness.Children.Select(c => $"{c.Messages[0].Text} with {c.Spec!.System}, run {scene.TurnsOf(c)} time"))),
        w => Scene.Lane(w, limit: 1));

    [Theory]
    [InlineData("the session is refused")]
    [InlineData("no session comes into being")]
    [InlineData("the prompt is refused")]
    [InlineData("the prompt is taken and never stored")]
    [InlineData("the prompt is lost on its way")]
    [InlineData("the prompt is stored and never run")]
    public void What_can_never_start_fails_visibly_and_wakes_its_parent(string why) => Scene.Play(async scene =>
    {
        var error = new TaskError(FailureClass.Request, "unknown-agent", "There is no agent 'worker'.");
        scene.Harness.Faults.Each = c => (why, c) switch
        {
            ("the session is refused", { Name: "create" }) => new HarnessFault.Answers(new CreateResult.Refused(error)),
            ("no session comes into being", { Name: "create" }) => new HarnessFault.RefusedBefore(),
            ("the prompt is refused", { Name: "deliver", Session: not "parent" }) => new HarnessFault.Answers(new DeliverResult.Refused(error)),
            ("the prompt is taken and never stored", { Name: "deliver", Session: not "parent" }) => new HarnessFault.Answers(new DeliverResult.Sent()),
            ("the prompt is lost on its way", { Name: "deliver", Session: not "parent" }) => new HarnessFault.Lost(),
            _ => null,
        };
        scene.When(turn => why == "the prompt is stored and never run" && turn.Session != scene.Parent, _ => Task.CompletedTask);
        var task = await scene.DelegateAsync(10);
        await scene.World.WaitAsync(3600);
        scene.Harness.Faults.Each = null;
        await scene.World.QuietAsync();
        var failed = await scene.World.TaskAsync(task.Id);
        Assert.Equal(AgentTaskStatus.Failed, failed.Status);
        Assert.True(failed.SettledAt - failed.CreatedAt < TimeSpan.FromHours(1), "it failed by itself");
        Assert.Contains(failed.Outcome!.Error!.Message, Assert.Single(scene.ToldOf(task)).Text, StringComparison.Ordinal);
        Assert.Empty(scene.World.Journal.Slots);
    });
}
