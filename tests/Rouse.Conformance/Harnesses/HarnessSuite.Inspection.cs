using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.InspectsTruthfully)]
    public Task A_session_that_works_says_so_and_takes_no_further_prompt() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var gate = NewKey();
        var first = NewPrompt(world.Works(gate));
        var second = NewPrompt(world.Says($"second {NewKey()}"), isWake: true);
        await world.DeliverAsync(session, first);
        await world.WorksAsync(gate, Cancelled);

        Assert.Equal(Activity.Working, (await world.SeeAsync(session)).Activity);
        Assert.IsType<DeliverResult.Busy>(await world.Harness.DeliverAsync(session, second, Cancelled));
        Assert.Equal(new FoundState(Found: false, Begun: false), await world.FindAsync(session, second.Key));

        world.Finish(gate);
        var seen = await world.IdleAsync(session, first.Key);
        Assert.Equal("done", seen.Messages[^1].Text);
        await world.RunAsync(session, second);
        Assert.Equal(1, world.TimesAsked(second.Text));
    });

    [Fact]
    [Proves(Guarantee.InspectsTruthfully)]
    public Task A_turn_s_answer_is_ended_with_its_text_and_what_it_used() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says("the answer"));

        await world.RunAsync(session, prompt);
        var answer = (await world.IdleAsync(session, prompt.Key)).Messages[^1];

        Assert.Equal((MessageOrigin.Agent, "the answer", true), (answer.Origin, answer.Text, answer.Ended));
        Assert.Equal((false, false, false, false), (answer.CallsTools, answer.ToolOpen, answer.RanTools, answer.Truncated));
        Assert.Null(answer.Error);
        Assert.Equal(world.Harness.Grade.AccountsUsage, answer.Usage is not null);
    });

    [Fact]
    [Proves(Guarantee.InspectsTruthfully)]
    public Task A_tool_call_that_runs_is_open() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));

        await world.DeliverAsync(session, NewPrompt(world.RunsTool()));
        var seen = await world.SeeUntilAsync(session, i => i.Messages.Any(m => m.ToolOpen));

        Assert.Equal(Activity.Working, seen.Activity);
        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
        Assert.DoesNotContain((await world.SeeAsync(session)).Messages, m => m.ToolOpen);
    });

    [Fact]
    [Proves(Guarantee.InspectsTruthfully)]
    public Task A_turn_that_failed_is_idle_with_its_error() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));

        await world.DeliverAsync(session, NewPrompt(world.FailsAs("no such key")));
        var failed = (await world.AnsweredAsync(session)).Messages[^1];

        Assert.Equal((FailureClass.Provider, "bad-key"), (failed.Error?.Class, failed.Error?.Reason));
        Assert.Contains("no such key", failed.Error!.Message, StringComparison.Ordinal);
        Assert.True(failed.Ended);
    });

    [Fact]
    [Proves(Guarantee.InspectsTruthfully)]
    public virtual Task A_kill_leaves_a_turn_without_an_end_in_an_idle_session_and_the_watch_comes_back() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var gate = NewKey();
        var prompt = NewPrompt(world.Works(gate));
        await using var watch = new SignalLog(world.Harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);
        await world.DeliverAsync(session, prompt);
        await world.WorksAsync(gate, Cancelled);

        await world.KillAsync();
        await watch.WaitAsync(s => s is HarnessSignal.Disconnected);
        Assert.Equal(new DeliverResult.NotSent("").GetType(), (await world.Harness.DeliverAsync(session, NewPrompt("x"), Cancelled)).GetType());
        Assert.True(Assert.IsType<InspectResult.Unreadable>(await world.Harness.InspectAsync(session, Cancelled)).InstanceDown);
        Assert.True(Assert.IsType<FindResult.Unreadable>(await world.Harness.FindDeliveryAsync(session, prompt.Key, Cancelled)).InstanceDown);
        Assert.IsType<CreateResult.Unreachable>(await world.Harness.CreateSessionAsync(world.NewSession(NewKey()), Cancelled));
        Assert.IsType<AbortResult.NotSeen>(await world.Harness.AbortAsync(session, Cancelled));

        await world.StartAgainAsync(Cancelled);
        await watch.WaitAsync(s => s is HarnessSignal.Connected, skip: 1);
        var seen = await world.SeeAsync(session);

        Assert.Equal(Activity.Idle, seen.Activity);
        var dead = seen.Messages.Last(m => m.Origin == MessageOrigin.Agent);
        Assert.False(dead.Ended);
        Assert.Equal(new FoundState(Found: true, Begun: true), await world.FindAsync(session, prompt.Key));

        // It was begun: whether it is run once more is not the adapter's to say. A new prompt goes in beside it.
        await world.DeliverAsync(session, prompt);
        await world.RunAsync(session, NewPrompt(world.Says("afterwards"), isWake: true));
        Assert.Equal(1, world.TimesAsked(prompt.Text));
        world.Finish(gate);
    });
}
