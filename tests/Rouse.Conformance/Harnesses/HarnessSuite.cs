using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>What <see cref="IHarness"/> promises, asked of a real harness. An adapter's grade is what passes here.</summary>
public abstract class HarnessSuite
{
    private static int s_number;

    /// <summary>Short-lived tests share one world; each makes its own sessions in it.</summary>
    protected abstract Task<HarnessWorld> WorldAsync();

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_created_once_for_its_key()
    {
        var world = await WorldAsync();
        var session = world.NewSession(NewKey());

        var first = await world.CreateAsync(session);
        Assert.Equal(first, await world.CreateAsync(session));

        await using var reopened = world.Reopen();
        var again = Assert.IsType<CreateResult.Created>(await reopened.CreateSessionAsync(session, Cancelled));
        Assert.Equal(first, again.Address);
    }

    [Fact]
    public async Task Two_creations_with_one_key_at_once_are_one_session()
    {
        var world = await WorldAsync();
        var session = world.NewSession(NewKey());

        var both = await Task.WhenAll(world.CreateAsync(session), world.CreateAsync(session));

        Assert.Equal(both[0], both[1]);
    }

    [Fact]
    public async Task A_child_is_created_once_for_its_key_and_runs_where_its_parent_does()
    {
        var world = await WorldAsync();
        var parent = await world.CreateAsync(world.NewSession(NewKey()));
        var child = world.NewSession(NewKey()) with { Parent = parent, Directory = null };

        var first = Assert.IsType<CreateResult.Created>(await world.Harness.CreateSessionAsync(child, Cancelled));
        await using var reopened = world.Reopen();
        var again = Assert.IsType<CreateResult.Created>(await reopened.CreateSessionAsync(child, Cancelled));

        Assert.NotEqual(parent, first.Address);
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task An_agent_that_does_not_exist_is_refused_with_those_that_do()
    {
        var world = await WorldAsync();
        var session = world.NewSession(NewKey());

        var refused = Assert.IsType<CreateResult.Refused>(
            await world.Harness.CreateSessionAsync(session with { Agent = "no-such-agent" }, Cancelled));

        Assert.Equal(("unknown-agent", FailureClass.Request), (refused.Error.Reason, refused.Error.Class));
        Assert.Contains(session.Agent, refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_exist_is_refused()
    {
        var world = await WorldAsync();

        var refused = Assert.IsType<CreateResult.Refused>(
            await world.Harness.CreateSessionAsync(world.NewSession(NewKey()) with { Model = "fake/no-such-model" }, Cancelled));

        Assert.Equal(("unknown-model", FailureClass.Provider), (refused.Error.Reason, refused.Error.Class));
    }

    [Fact]
    public async Task A_prompt_that_is_delivered_twice_enters_the_history_once_and_is_run_once()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"once {NewKey()}"));

        await world.DeliverAsync(session, prompt);
        await world.DeliverAsync(session, prompt, whenBusy: true);
        var seen = await world.IdleAsync(session, prompt.Key);
        await world.DeliverAsync(session, prompt);
        seen = await world.IdleAsync(session, prompt.Key);

        Assert.Single(seen.Messages, m => m.Key == prompt.Key);
        Assert.Equal(prompt.Text, seen.Messages.Single(m => m.Key == prompt.Key).Text);
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    }

    [Fact]
    public async Task A_prompt_that_was_run_is_not_run_again_after_later_turns()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var first = NewPrompt(world.Says($"first {NewKey()}"));
        var second = NewPrompt(world.Says($"second {NewKey()}"), isWake: true);
        await world.RunAsync(session, first);
        await world.RunAsync(session, second);

        await world.DeliverAsync(session, first);
        var seen = await world.IdleAsync(session, second.Key);

        Assert.Equal([first.Key, second.Key], seen.Messages.Select(m => m.Key).OfType<string>());
        Assert.Equal((1, 1), (world.TimesAsked(first.Text), world.TimesAsked(second.Text)));
    }

    [Fact]
    public async Task A_prompt_that_was_stored_and_never_run_is_run_without_being_stored_again()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"stored {NewKey()}"));
        if (!await world.StoreOnlyAsync(session, prompt, Cancelled))
        {
            return;
        }

        Assert.Equal(new FoundState(Found: true, Begun: false), await world.FindAsync(session, prompt.Key));
        await world.DeliverAsync(session, prompt);
        var seen = await world.IdleAsync(session, prompt.Key);

        Assert.Single(seen.Messages, m => m.Key == prompt.Key);
        Assert.Equal(prompt.Text, seen.Messages.Single(m => m.Key == prompt.Key).Text);
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    }

    [Fact]
    public async Task A_delivery_is_read_back_by_its_key_and_another_is_not_found()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"read back {NewKey()}"));
        await world.DeliverAsync(session, prompt);

        // Sent says that it was taken; with an exact grade it is in the history by then.
        var found = await world.FindAsync(session, prompt.Key);
        await world.IdleAsync(session, prompt.Key);

        Assert.True(found.Found);
        Assert.Equal(new FoundState(Found: true, Begun: true), await world.FindAsync(session, prompt.Key));
        Assert.Equal(new FoundState(Found: false, Begun: false), await world.FindAsync(session, NewKey()));
    }

    [Fact]
    public async Task A_prompt_arrives_byte_for_byte()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"bytes {NewKey()}") + "\n-- \"quotes\" 'single' $(id) `id` \\n \t ünïcödé 漢字 🙂 </task>\n\n-end");

        await world.RunAsync(session, prompt);
        var seen = await world.IdleAsync(session, prompt.Key);

        Assert.Equal(prompt.Text, seen.Messages.Single(m => m.Key == prompt.Key).Text);
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    }

    [Fact]
    public async Task A_wake_is_a_message_of_Rouse_s_and_its_answer_one_of_the_agent_s()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await world.RunAsync(session, NewPrompt(world.Says("before")));
        var answer = $"woken {NewKey()}";
        var wake = NewPrompt(world.Says(answer), isWake: true);

        await world.RunAsync(session, wake);
        var seen = await world.IdleAsync(session, wake.Key);

        Assert.Equal(1, world.TimesAsked(wake.Text));
        Assert.Equal(
            [MessageOrigin.Rouse, MessageOrigin.Agent, MessageOrigin.Rouse, MessageOrigin.Agent],
            seen.Messages.Select(m => m.Origin));
        Assert.Equal(answer, seen.Messages[^1].Text);
    }

    [Fact]
    public async Task A_session_that_works_says_so_and_takes_no_further_prompt()
    {
        var world = await WorldAsync();
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
    }

    [Fact]
    public async Task A_turn_s_answer_is_ended_with_its_text_and_what_it_used()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says("the answer"));

        await world.RunAsync(session, prompt);
        var answer = (await world.IdleAsync(session, prompt.Key)).Messages[^1];

        Assert.Equal((MessageOrigin.Agent, "the answer", true), (answer.Origin, answer.Text, answer.Ended));
        Assert.Equal((false, false, false, false), (answer.CallsTools, answer.ToolOpen, answer.RanTools, answer.Truncated));
        Assert.Null(answer.Error);
        Assert.Equal(world.Harness.Grade.AccountsUsage, answer.Usage is not null);
    }

    [Fact]
    public async Task A_tool_call_that_runs_is_open()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));

        await world.DeliverAsync(session, NewPrompt(world.RunsTool()));
        var seen = await world.SeeUntilAsync(session, i => i.Messages.Any(m => m.ToolOpen));

        Assert.Equal(Activity.Working, seen.Activity);
        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
        Assert.DoesNotContain((await world.SeeAsync(session)).Messages, m => m.ToolOpen);
    }

    [Fact]
    public async Task An_abort_ends_the_turn_and_says_so()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var gate = NewKey();
        var prompt = NewPrompt(world.Works(gate));
        await world.DeliverAsync(session, prompt);
        await world.WorksAsync(gate, Cancelled);

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
        var seen = await world.SeeAsync(session);

        Assert.Equal(Activity.Idle, seen.Activity);
        Assert.Equal(FailureClass.Aborted, seen.Messages.Last(m => m.Origin == MessageOrigin.Agent).Error?.Class);
        world.Finish(gate);
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    }

    [Fact]
    public async Task An_abort_of_an_idle_session_and_of_none_says_that_it_has_ended()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(world.Unknown(), Cancelled));
    }

    [Fact]
    public async Task A_session_that_does_not_exist_is_missing_and_gone()
    {
        var world = await WorldAsync();
        var unknown = world.Unknown();

        Assert.IsType<InspectResult.Missing>(await world.Harness.InspectAsync(unknown, Cancelled));
        Assert.IsType<DeliverResult.Gone>(await world.Harness.DeliverAsync(unknown, NewPrompt("x"), Cancelled));
        Assert.IsType<FindResult.Gone>(await world.Harness.FindDeliveryAsync(unknown, NewKey(), Cancelled));
    }

    [Fact]
    public async Task The_watch_connects_and_tells_of_progress_and_of_the_end_of_a_turn()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await using var watch = new SignalLog(world.Harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);

        await world.DeliverAsync(session, NewPrompt(world.Says("seen")));

        await watch.WaitAsync(s => s is HarnessSignal.Progress p && p.SessionId == session.Id);
        await watch.WaitAsync(s => s is HarnessSignal.Changed c && c.SessionId == session.Id);
    }

    [Fact]
    public virtual async Task A_kill_leaves_a_turn_without_an_end_in_an_idle_session_and_the_watch_comes_back()
    {
        var world = await WorldAsync();
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
    }

    protected static string NewKey() => $"task_{Guid.NewGuid():n}_{Interlocked.Increment(ref s_number)}_r1a1";

    protected static Prompt NewPrompt(string text, bool isWake = false) => new() { Key = NewKey(), Text = text, IsWake = isWake };
}
