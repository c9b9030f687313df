using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class GateTests
{
    [Theory] // GATE-1
    [InlineData(false)]
    [InlineData(true)]
    public void A_working_session_is_not_prompted_and_is_woken_once_when_it_is_idle(bool losesSignals) => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.LosesSignal = _ => losesSignals;
        world.Harness.PersonSays(parent, "work 330");
        await world.DelegateAsync(s);
        await world.WaitAsync(320);
        Assert.Empty(parent.Wakes);
        await world.UntilAsync(() => !parent.Working, "the turn ends");
        await world.UntilAsync(() => parent.Wakes.Any(), "the wake goes out within one look", losesSignals ? 700 : 2);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // GATE-2
    public void An_open_tool_call_closes_the_gate() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        world.Harness.Play = turn => turn.Prompt.Text == "use a tool" ? turn.ToolAsync(40) : play(turn);
        world.Harness.PersonSays(parent, "use a tool");
        await world.DelegateAsync(s);
        await world.WaitAsync(30);
        Assert.Empty(parent.Wakes);
        Assert.Contains((await world.Agents.ExplainAsync(s, CancellationToken.None))!.Reasons, r => r.Contains("open-tool-call", StringComparison.Ordinal));
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // GATE-3
    public void An_unanswered_question_closes_the_gate_and_a_wake_answers_nothing() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        world.Harness.Play = turn => turn.Prompt.Text == "ask" ? turn.AskAsync("may I?") : play(turn);
        world.Harness.PersonSays(parent, "ask");
        await world.DelegateAsync(s);
        await world.WaitAsync(3600);
        Assert.Empty(parent.Wakes);
        Assert.Equal("may I?", parent.OpenQuestion);
        world.Harness.Answer(parent);
        await world.UntilAsync(() => parent.Wakes.Any(), "the wake goes out when P has answered", 5);
    });

    [Theory] // GATE-4
    [InlineData(2, 1.9, false)]
    [InlineData(2, 2.1, true)]
    [InlineData(0, 0.2, true)]
    public void A_persons_message_closes_the_gate_for_its_window(double window, double after, bool sent) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            await world.DelegateAsync(s, "work 60");
            await world.WaitAsync(59.9);
            world.Harness.Latency = TimeSpan.Zero;
            parent.Messages.Add(new SimMessage { Id = "p", Origin = MessageOrigin.Person, At = world.Now + TimeSpan.FromSeconds(0.1), Text = "hm" });
            await world.WaitAsync(0.1 + after);
            Assert.Equal(sent, parent.Wakes.Any());
            await world.QuietAsync();
            Assert.Single(parent.Wakes);
        },
        prepare: w => w.Options = new EngineOptions { Rules = Rules.Default with { PersonWindow = TimeSpan.FromSeconds(window) } });

    [Theory] // GATE-4
    [InlineData(2)]
    [InlineData(0)]
    public void A_person_who_types_closes_the_gate(double window) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            parent.PersonTyping = true;
            await world.DelegateAsync(s);
            await world.WaitAsync(100);
            Assert.Empty(parent.Wakes);
            parent.PersonTyping = false;
            await world.UntilAsync(() => parent.Wakes.Any(), "the wake goes out", 61);
        },
        prepare: w => w.Options = new EngineOptions { Rules = Rules.Default with { PersonWindow = TimeSpan.FromSeconds(window) } });

    [Fact] // GATE-5
    public void A_session_that_cannot_be_read_is_never_taken_as_idle() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Each = c => c is { Name: "inspect", Session: "s" } ? new HarnessFault.Lost() : null;
        await world.DelegateAsync(s);
        await world.WaitAsync(600);
        Assert.Equal(0, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "s" }));
        var explained = await world.Agents.ExplainAsync(s, CancellationToken.None);
        Assert.Contains(explained!.Reasons, r => r.Contains("unreadable", StringComparison.Ordinal));
        Assert.NotNull(explained.NextLook);
        Assert.InRange(world.Harness.Calls.Count(c => c is { Name: "inspect", Session: "s" }), 5, 20);
        world.Harness.Faults.Each = null;
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // GATE-6
    public void Silent_deposits_at_the_tail_do_not_close_the_gate() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.PersonSays(parent, "work 1");
        await world.WaitAsync(5);
        parent.Messages.Add(new SimMessage { Id = "d1", Origin = MessageOrigin.Rouse, Key = "deposit1", At = world.Now, Text = "a deposit" });
        parent.Messages.Add(new SimMessage { Id = "d2", Origin = MessageOrigin.Rouse, Key = "deposit2", At = world.Now, Text = "another" });
        await world.DelegateAsync(s);
        await world.QuietAsync(60);
        Assert.Single(parent.Wakes);
    });

    [Theory] // GATE-8
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_session_that_becomes_busy_before_the_dispatch_gets_nothing_and_no_try_is_used(int seed) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            await world.DelegateAsync(s);
            world.Journal.OnCommitted += c =>
            {
                if (c.Events.Any(e => e.Type == "wake.leased") && parent.Messages.Count == 0)
                {
                    world.Harness.PersonSays(parent, "work 50");
                }
            };
            await world.UntilAsync(() => parent.Working, "P was first");
            await world.WaitAsync(30);
            Assert.Empty(parent.Wakes);
            Assert.Equal(0, (await world.MailboxAsync(s))[0].Wake!.Sends);
            await world.QuietAsync();
            Assert.Single(parent.Wakes);
        },
        seed);

    [Fact] // GATE-9
    public void A_turn_that_a_dead_process_left_open_does_not_close_the_gate() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        world.Harness.Play = turn => turn.Prompt.Text == "use a tool" ? turn.ToolAsync(1000) : play(turn);
        var task = await world.DelegateAsync(s, "work 8");
        await world.WaitAsync(2);
        world.Harness.PersonSays(parent, "use a tool");
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        world.Harness.Die();
        await world.WaitAsync(30);
        world.Harness.Come();
        Assert.True(parent.Messages[^1].ToolOpen);
        await world.QuietAsync(60);
        Assert.Single(parent.Wakes);
    });

    [Fact] // GATE-14
    public void A_session_that_is_busy_for_eight_hours_is_left_alone() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.PersonSays(parent, "work 28800");
        await world.DelegateAsync(s);
        await world.WaitAsync(28000);
        var wake = (await world.MailboxAsync(s))[0].Wake!;
        Assert.Equal((0, "working"), (wake.Sends, wake.Hold!.Reason));
        Assert.True(world.Now - wake.Hold.Since > TimeSpan.FromHours(7));
        await world.QuietAsync(3600);
        Assert.Single(parent.Wakes);
    });
}
