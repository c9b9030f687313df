using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
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
    [Proves(Guarantee.SentIsThere)]
    public Task A_prompt_that_is_said_to_have_been_sent_is_in_the_history_and_is_run_once() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"taken {NewKey()}"));

        await world.DeliverAsync(session, prompt);

        Assert.Equal(1, await world.TimesStoredAsync(session, prompt.Text, Cancelled));
        await world.AnsweredAsync(session);
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    });

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
        await world.StoreOnlyAsync(session, prompt, Cancelled);

        Assert.Equal(new FoundState(Found: true, Begun: false), await world.FindAsync(session, prompt.Key));
        await world.DeliverAsync(session, prompt);
        var seen = await world.IdleAsync(session, prompt.Key);

        Assert.Single(seen.Messages, m => m.Key == prompt.Key);
        Assert.Equal(prompt.Text, seen.Messages.Single(m => m.Key == prompt.Key).Text);
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    }

    [Fact]
    [Proves(Guarantee.OnceWhenSentTwiceAtOnce)]
    public Task A_prompt_that_is_delivered_twice_at_the_same_time_enters_the_history_once_and_is_run_once() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"at once {NewKey()}"));

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => world.Harness.DeliverAsync(session, prompt, Cancelled).AsTask()));
        await world.AnsweredAsync(session);

        Assert.All(results, r => Assert.True(r is DeliverResult.Sent or DeliverResult.Busy, $"{r}"));
        Assert.Contains(results, r => r is DeliverResult.Sent);
        Assert.Equal((1, 1), (await world.TimesStoredAsync(session, prompt.Text, Cancelled), world.TimesAsked(prompt.Text)));
    });

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
    public async Task A_session_that_does_not_exist_is_missing_and_gone()
    {
        var world = await WorldAsync();
        var unknown = world.Unknown();

        Assert.IsType<InspectResult.Missing>(await world.Harness.InspectAsync(unknown, Cancelled));
        Assert.IsType<DeliverResult.Gone>(await world.Harness.DeliverAsync(unknown, NewPrompt("x"), Cancelled));
        Assert.IsType<FindResult.Gone>(await world.Harness.FindDeliveryAsync(unknown, NewKey(), Cancelled));
    }
}
