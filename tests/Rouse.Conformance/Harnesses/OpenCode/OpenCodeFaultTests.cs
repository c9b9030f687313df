using Rouse.Core;
using Rouse.EndToEnd.Faults;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>What the adapter knows, and does not claim to know, when the connection to a real OpenCode fails it.</summary>
public sealed class OpenCodeFaultTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static int s_number;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_reply_to_the_run_is_unknown_and_the_next_delivery_runs_nothing_twice()
    {
        var (world, harness, session, prompt) = await ReadyAsync();
        await using var _ = harness;
        using var fault = world.Rig.Proxy.Inject(new Fault.DropReply(), r => r.Is("POST", "/prompt_async"), times: 1);

        Assert.IsType<DeliverResult.Unknown>(await harness.DeliverAsync(session, prompt, Cancelled));
        await world.IdleAsync(session, prompt.Key);
        Assert.IsType<DeliverResult.Sent>(await harness.DeliverAsync(session, prompt, Cancelled));

        await OnceAsync(world, session, prompt);
    }

    [Fact]
    public async Task A_run_that_never_arrives_leaves_the_prompt_stored_and_is_made_up_for()
    {
        var (world, harness, session, prompt) = await ReadyAsync();
        await using var _ = harness;
        using var fault = world.Rig.Proxy.Inject(new Fault.Refuse(), r => r.Is("POST", "/prompt_async"), times: 1);

        Assert.IsType<DeliverResult.Unknown>(await harness.DeliverAsync(session, prompt, Cancelled));
        Assert.Equal(new FindResult.Found($"msg_rouse_{prompt.Key}", Begun: false), await harness.FindDeliveryAsync(session, prompt.Key, Cancelled));
        Assert.IsType<DeliverResult.Sent>(await harness.DeliverAsync(session, prompt, Cancelled));

        await OnceAsync(world, session, prompt);
    }

    [Fact]
    public async Task Two_deliveries_of_which_neither_has_seen_the_other_s_are_one()
    {
        var (world, harness, session, prompt) = await ReadyAsync();
        await using var _ = harness;
        using var slow = world.Rig.Proxy.Inject(new Fault.DelayReply(TimeSpan.FromSeconds(1)), r => r.Is("GET", $"/message/msg_rouse_{prompt.Key}"), times: 2);

        var both = await Task.WhenAll(
            harness.DeliverAsync(session, prompt, Cancelled).AsTask(), harness.DeliverAsync(session, prompt, Cancelled).AsTask());

        Assert.All(both, r => Assert.True(r is DeliverResult.Sent or DeliverResult.Busy, $"{r}"));
        Assert.Single(world.Rig.Proxy.Requests, r => r.Is("POST", "/message") && r.Body.Contains(prompt.Key, StringComparison.Ordinal));
        Assert.Equal(1, await world.TimesStoredAsync(session, prompt.Text, Cancelled));
        await OnceAsync(world, session, prompt);
    }

    [Fact]
    public async Task Two_prompts_for_one_session_at_the_same_time_are_one_turn_and_one_that_waits()
    {
        var (world, harness, session, ready) = await ReadyAsync();
        await using var _ = harness;
        var (gate, otherGate) = (NewKey(), NewKey()); // neither turn ends before the other prompt has come
        var prompt = ready with { Text = world.Works(gate) };
        var other = ready with { Key = NewKey(), Text = world.Works(otherGate), IsWake = true };
        using var slow = world.Rig.Proxy.Inject(new Fault.DelayReply(TimeSpan.FromSeconds(1)), r => r.Is("GET", "/session/status"), times: 2);

        var both = await Task.WhenAll(
            harness.DeliverAsync(session, prompt, Cancelled).AsTask(), harness.DeliverAsync(session, other, Cancelled).AsTask());

        Assert.Single(both, r => r is DeliverResult.Sent);
        Assert.Single(both, r => r is DeliverResult.Busy);
        var stored = (await world.TimesStoredAsync(session, prompt.Text, Cancelled), await world.TimesStoredAsync(session, other.Text, Cancelled));
        Assert.Equal(both[0] is DeliverResult.Sent ? (1, 0) : (0, 1), stored);
        world.Finish(both[0] is DeliverResult.Sent ? gate : otherGate);
    }

    [Fact]
    public async Task A_creation_that_was_lost_and_is_not_found_is_not_made_again_at_once()
    {
        var world = await shared.GetAsync();
        await using var harness = world.OpenThroughProxy();
        var session = world.NewSession(NewKey());
        using var fault = world.Rig.Proxy.Inject(new Fault.Refuse(), r => r.Is("POST", "/session"), times: 1);

        Assert.IsType<CreateResult.Unreachable>(await harness.CreateSessionAsync(session, Cancelled));
        Assert.IsType<CreateResult.Unreachable>(await harness.CreateSessionAsync(session, Cancelled));

        Assert.Single(world.Rig.Proxy.Requests, r => r.Is("POST", "/session") && r.Body.Contains(session.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/session/status")]
    [InlineData("/message")]
    [InlineData("/todo")]
    public async Task A_read_that_takes_too_long_is_unreadable_and_the_instance_is_not_down(string path)
    {
        var (world, through, session, _) = await ReadyAsync();
        await through.DisposeAsync();
        await using var harness = world.OpenThroughProxy(o => o with { ReadDeadline = TimeSpan.FromSeconds(1) });
        using var fault = world.Rig.Proxy.Inject(new Fault.DelayReply(TimeSpan.FromSeconds(30)), r => r.Is("GET", path));

        var unreadable = Assert.IsType<InspectResult.Unreadable>(await harness.InspectAsync(session, Cancelled));

        Assert.False(unreadable.InstanceDown);
        Assert.Contains("within 1 s", unreadable.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_last_look_cannot_be_had()
    {
        var (world, harness, session, prompt) = await ReadyAsync();
        await using var _ = harness;
        using var fault = world.Rig.Proxy.Inject(new Fault.Refuse(), r => r.Is("GET", "/session/status"), times: 1);

        Assert.IsType<DeliverResult.NotSent>(await harness.DeliverAsync(session, prompt, Cancelled));

        Assert.DoesNotContain(world.Rig.Proxy.Requests, r => r.Method == "POST" && r.Body.Contains(prompt.Key, StringComparison.Ordinal));
    }

    private async Task<(OpenCodeWorld World, IHarness Harness, Address Session, Prompt Prompt)> ReadyAsync()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var key = NewKey();
        return (world, world.OpenThroughProxy(), session, new Prompt { Key = key, Text = world.Says($"fault {key}"), IsWake = false });
    }

    private static async Task OnceAsync(OpenCodeWorld world, Address session, Prompt prompt)
    {
        var seen = await world.IdleAsync(session, prompt.Key);
        Assert.Single(seen.Messages, m => m.Key == prompt.Key);
        Assert.Equal(prompt.Text, seen.Messages.Single(m => m.Key == prompt.Key).Text);
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    }

    private static string NewKey() => $"fault_{Guid.NewGuid():n}_{Interlocked.Increment(ref s_number)}";
}
