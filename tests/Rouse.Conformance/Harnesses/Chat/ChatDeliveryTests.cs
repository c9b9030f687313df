using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Conformance.Harnesses.Chat;

public sealed class ChatDeliveryTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_prompt_is_stored_under_its_key_and_answered()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());

        Assert.IsType<DeliverResult.Sent>(await harness.DeliverAsync(session, ChatRig.Prompt("SAY:hello"), None));

        var seen = await ChatRig.UntilIdleAsync(harness, session);
        Assert.Collection(
            seen.Messages,
            m => Assert.Equal((MessageOrigin.Rouse, "p1", "SAY:hello"), (m.Origin, m.Key, m.Text)),
            m => Assert.Equal((MessageOrigin.Agent, null, "hello"), (m.Origin, m.Key, m.Text)));
        Assert.Equal((true, false, false, false), (seen.Messages[1].Ended, seen.Messages[1].CallsTools, seen.Messages[1].ToolOpen, seen.Messages[1].RanTools));
        Assert.NotNull(seen.Messages[1].Usage);
        Assert.True(Assert.IsType<FindResult.Found>(await harness.FindDeliveryAsync(session, "p1", None)).Begun);
    }

    [Fact]
    public async Task The_same_key_again_is_sent_and_changes_nothing()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        await harness.DeliverAsync(session, ChatRig.Prompt("SAY:hello"), None);
        await ChatRig.UntilIdleAsync(harness, session);
        await harness.DeliverAsync(session, ChatRig.Prompt("SAY:later", "p2"), None);
        await ChatRig.UntilIdleAsync(harness, session);

        Assert.IsType<DeliverResult.Sent>(await harness.DeliverAsync(session, ChatRig.Prompt("SAY:hello"), None));

        Assert.Equal(4, (await ChatRig.UntilIdleAsync(harness, session)).Messages.Length);
    }

    /// <summary>HARN-6.</summary>
    [Fact]
    public async Task A_session_in_a_turn_is_busy_and_nothing_is_stored()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("first"), None);
        var call = await rig.Held.NextAsync();

        Assert.IsType<DeliverResult.Busy>(await harness.DeliverAsync(session, ChatRig.Prompt("second", "p2"), None));
        Assert.IsType<DeliverResult.Busy>(await harness.SendAsync(session.Id, "third", null, None));
        Assert.IsType<DeliverResult.Sent>(await harness.DeliverAsync(session, ChatRig.Prompt("first"), None));
        Assert.IsType<FindResult.NotFound>(await harness.FindDeliveryAsync(session, "p2", None));
        Assert.Equal(Activity.Working, (await ChatRig.InspectAsync(harness, session)).Activity);
        Assert.True(Assert.IsType<FindResult.Found>(await harness.FindDeliveryAsync(session, "p1", None)).Begun);

        call.Say("done");
        Assert.Equal(2, (await ChatRig.UntilIdleAsync(harness, session)).Messages.Length);
        Assert.Equal(1, rig.Held.Count);
    }

    [Fact]
    public async Task Of_many_deliveries_at_once_one_is_sent()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => harness.DeliverAsync(session, ChatRig.Prompt("go", "p" + i), None).AsTask(), None)));

        Assert.Single(results.OfType<DeliverResult.Sent>());
        Assert.Equal(19, results.OfType<DeliverResult.Busy>().Count());
        (await rig.Held.NextAsync()).Say("done");
        Assert.Equal(2, (await ChatRig.UntilIdleAsync(harness, session)).Messages.Length);
    }

    [Fact]
    public async Task A_session_that_does_not_exist_is_gone()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var nowhere = new Address(ChatRig.Instance, "nowhere");

        Assert.IsType<DeliverResult.Gone>(await harness.DeliverAsync(nowhere, ChatRig.Prompt("hi"), None));
        Assert.IsType<FindResult.Gone>(await harness.FindDeliveryAsync(nowhere, "p1", None));
        Assert.IsType<InspectResult.Missing>(await harness.InspectAsync(nowhere, None));
        Assert.IsType<AbortResult.Ended>(await harness.AbortAsync(nowhere, None));
    }

    [Fact]
    public async Task A_prompt_for_an_agent_or_a_model_that_does_not_exist_is_refused_with_what_there_is()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());

        var agent = await harness.DeliverAsync(session, ChatRig.Prompt("hi") with { Agent = "nobody" }, None);
        var model = await harness.DeliverAsync(session, ChatRig.Prompt("hi") with { Model = "no/model" }, None);

        Assert.Equal((FailureClass.Request, "unknown-agent"), Said(agent, "held, lead, worker"));
        Assert.Equal((FailureClass.Provider, "unknown-model"), Said(model, "demo/held, demo/scripted"));
        Assert.Empty((await ChatRig.InspectAsync(harness, session)).Messages);

        static (FailureClass, string) Said(DeliverResult result, string names)
        {
            var error = Assert.IsType<DeliverResult.Refused>(result).Error;
            Assert.Contains(names, error.Message, StringComparison.Ordinal);
            return (error.Class, error.Reason);
        }
    }

    [Fact]
    public async Task A_journal_that_is_away_is_told_as_what_is_known()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        rig.Transcripts.Away = true;

        Assert.IsType<DeliverResult.NotSent>(await harness.DeliverAsync(session, ChatRig.Prompt("hi"), None));
        Assert.IsType<CreateResult.Unreachable>(await harness.CreateSessionAsync(ChatRig.NewSession("key2"), None));
        Assert.True(Assert.IsType<FindResult.Unreadable>(await harness.FindDeliveryAsync(session, "p1", None)).InstanceDown);
        Assert.True(Assert.IsType<InspectResult.Unreadable>(await harness.InspectAsync(session, None)).InstanceDown);
        Assert.IsType<AbortResult.NotSeen>(await harness.AbortAsync(session, None));
    }

    [Fact]
    public async Task A_wake_reaches_the_model_as_its_text_and_the_history_as_from_rouse()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", "held", null, None);
        Assert.IsType<DeliverResult.Sent>(await harness.SendAsync(session.Id, "hello", "k1", None));
        (await rig.Held.NextAsync()).Say("hello yourself");
        await ChatRig.UntilIdleAsync(harness, session);

        await harness.DeliverAsync(session, ChatRig.Prompt("A notice from Rouse; no person has spoken.", "w1", isWake: true), None);
        var call = await rig.Held.NextAsync();
        call.Say("thanks");

        Assert.Equal(ChatRole.User, call.Messages[^1].Role);
        Assert.Equal("A notice from Rouse; no person has spoken.", call.Messages[^1].Text);
        var seen = await ChatRig.UntilIdleAsync(harness, session);
        Assert.Equal([MessageOrigin.Person, MessageOrigin.Agent, MessageOrigin.Rouse, MessageOrigin.Agent], seen.Messages.Select(m => m.Origin));
        Assert.Equal([null, null, "w1", null], seen.Messages.Select(m => m.Key));
    }

    [Fact]
    public async Task A_person_speaks_once_for_each_key_and_a_persons_key_is_none_of_rouses()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync(null, null, null, None);

        await harness.SendAsync(session.Id, "one", "same", None);
        await ChatRig.UntilIdleAsync(harness, session);
        Assert.IsType<DeliverResult.Sent>(await harness.SendAsync(session.Id, "one", "same", None));
        await harness.SendAsync(session.Id, "two", null, None);
        await ChatRig.UntilIdleAsync(harness, session);
        await harness.SendAsync(session.Id, "two", null, None);

        var seen = await ChatRig.UntilIdleAsync(harness, session);
        Assert.Equal(["one", "ECHO: one", "two", "ECHO: two", "two", "ECHO: two"], seen.Messages.Select(m => m.Text));
        Assert.IsType<FindResult.NotFound>(await harness.FindDeliveryAsync(session, "same", None));
    }

    [Fact]
    public async Task A_turn_runs_with_the_agent_model_system_text_and_tools_that_came_last()
    {
        await using var rig = new ChatRig { Tools = [AIFunctionFactory.Create(() => "", "look"), AIFunctionFactory.Create(() => "", "write")] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession() with { System = "First." });
        var prompt = ChatRig.Prompt("go") with
        {
            Agent = "held", Model = "demo/held", System = "Second.", Tools = ImmutableSortedDictionary<string, bool>.Empty.Add("write", false),
        };
        await harness.DeliverAsync(session, prompt, None);
        var first = await rig.Held.NextAsync();
        first.Say("ok");
        await ChatRig.UntilIdleAsync(harness, session);

        await harness.DeliverAsync(session, ChatRig.Prompt("a wake", "w1", isWake: true), None);
        var wake = await rig.Held.NextAsync();
        wake.Say("ok");
        await ChatRig.UntilIdleAsync(harness, session);

        foreach (var call in (HeldModel.Call[])[first, wake])
        {
            Assert.Equal("Second.", Assert.Single(call.Messages, m => m.Role == ChatRole.System).Text);
            Assert.Equal("look", Assert.Single(call.Options.Tools!).Name);
        }
    }
}
