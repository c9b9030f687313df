using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class AttemptTests
{
    private static readonly TaskError Overloaded = new(FailureClass.Passing, "overloaded", "The provider is overloaded.");

    [Fact] // ATT-2, ATT-3
    public void An_attempt_after_an_early_error_gets_the_same_context() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", new HarnessFault.Answers(new DeliverResult.Refused(Overloaded)));
        var task = await world.DelegateAsync(s, "the prompt", change: r => r with
        {
            Model = "acme/big", Fallbacks = ["acme/small"], System = "be brief", Directory = "/project", Permissions = [new PermissionRule("webfetch", "*", "deny")],
            Tools = r.Tools.Add("bash", false),
        });
        var done = await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
        var specs = world.Harness.Children.Select(c => c.Spec!).ToList();
        Assert.Equal(2, specs.Count);
        Assert.Equal(["acme/big", "acme/small"], specs.Select(x => x.Model));
        Assert.Equal(specs[0] with { Key = "", Model = "", Metadata = specs[1].Metadata }, specs[1] with { Key = "", Model = "" });
        Assert.Equal("the prompt", world.Harness["child2"].Messages[0].Text);
        Assert.Equal([AttemptPhase.Ended, AttemptPhase.Ended], done.Attempts.Select(a => a.Status));
        Assert.Single(parent.Wakes);
    });

    [Fact] // ATT-5
    public void News_of_an_older_attempt_changes_nothing() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Play = async turn =>
        {
            await turn.WorkAsync(5);
            if (turn.Session.Address.Id == "child1" && turn.Prompt.Origin == MessageOrigin.Rouse)
            {
                turn.Fail(Overloaded);
                return;
            }

            await turn.WorkAsync(60);
            turn.Say($"from {turn.Session.Address.Id}");
        };
        var task = await world.DelegateAsync(s, change: r => r with { Model = "acme/big", Fallbacks = ["acme/small"] });
        await world.UntilAsync(() => world.Harness.Children.Count() == 2, "the second attempt runs");
        await world.WaitAsync(1);
        var old = world.Harness["child1"];
        world.Harness.PersonSays(old, "go on");
        world.Harness.Say(new HarnessSignal.Failed("child1", Overloaded));
        await world.WaitAsync(62);
        world.Harness.Delete(old);
        Assert.Equal(AgentTaskStatus.Running, (await world.TaskAsync(task.Id)).Status);
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
        Assert.Equal("from child2", (await world.Agents.OutputAsync(task.Id, CancellationToken.None))!.Text);
        Assert.Equal(task.Id, (await world.Agents.FindSessionAsync(old.Address, CancellationToken.None))!.Task);
        Assert.Single(parent.Wakes);
    });

    [Theory] // ATT-9
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void A_first_prompt_whose_answer_is_lost_is_read_back_before_anything_else(bool stored, int sends) => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Faults.Once("deliver", stored ? new HarnessFault.AnswerLost() : new HarnessFault.Lost());
        world.Harness.Faults.Once("find", new HarnessFault.Lost());
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(() => world.Harness.CallsOf("deliver") == 1, "it was sent");
        await world.WaitAsync(0.5);
        Assert.True(stored || (await world.TaskAsync(task.Id)).Status == AgentTaskStatus.Starting, "nothing runs without evidence");
        Assert.Equal(1, world.Harness.CallsOf("deliver"));
        await world.UntilAsync(task.Id, AgentTaskStatus.Running, 30);
        Assert.Equal(sends, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "child1" }));
        await world.QuietAsync();
        Assert.Equal(1, world.Harness.Runs[world.Harness["child1"].Messages[0].Key!]);
        Assert.Single(world.Harness.Children);
    });

    [Fact] // ATT-10
    public void A_session_that_cannot_be_created_fails_the_task_and_frees_its_slot() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var error = new TaskError(FailureClass.Request, "unknown-agent", "There is no agent 'worker'.");
        world.Harness.Faults.Once("create", new HarnessFault.Answers(new CreateResult.Refused(error)));
        var task = await world.DelegateAsync(s);
        var failed = await world.UntilAsync(task.Id, AgentTaskStatus.Failed);
        Assert.Equal("unknown-agent", failed.Outcome!.Reason);
        Assert.Empty(world.Journal.Slots);
        await world.QuietAsync();
        Assert.Contains("There is no agent", Assert.Single(parent.Wakes).Text, StringComparison.Ordinal);
    });

    [Fact]
    public void An_error_that_only_the_stream_tells_fails_an_attempt_whose_prompt_left_no_trace() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Faults.Each = c => c.Name == "deliver" && c.Session == "child1" ? new HarnessFault.Answers(new DeliverResult.Sent()) : null;
        var task = await world.DelegateAsync(s);
        await world.WaitAsync(2);
        world.Harness.Say(new HarnessSignal.Failed("child1", new TaskError(FailureClass.Request, "invalid-request", "The request is not valid.")));
        var failed = await world.UntilAsync(task.Id, AgentTaskStatus.Failed, 60);
        Assert.Equal("invalid-request", failed.Outcome!.Reason);
    });

    [Fact]
    public void An_error_of_an_earlier_turn_does_not_fail_a_turn_that_begins_late() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Play = async turn =>
        {
            await turn.WorkAsync(5);
            if (turn.Prompt.Text == "outer")
            {
                // A model call failed on the way and was tried again by the harness: the turn is a good one.
                world.Harness.Say(new HarnessSignal.Failed(turn.Session.Address.Id, Overloaded));
                await world.DelegateAsync(await world.IdOfAsync(turn.Session), "inner");
            }

            turn.Say(turn.IsWake ? "noted" : "done");
        };
        var outer = await world.DelegateAsync(s, "outer");
        await world.UntilAsync(outer.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
    });
}
