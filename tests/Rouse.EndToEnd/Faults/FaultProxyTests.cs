using System.Diagnostics;
using Rouse.EndToEnd.OpenCode;

namespace Rouse.EndToEnd.Faults;

/// <summary>Each fault does to a real OpenCode what it says, and nothing else.</summary>
public sealed class FaultProxyTests(SharedRig shared) : IClassFixture<SharedRig>
{
    private static readonly OpenCodePrompt s_stored = new("stored") { NoReply = true };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_and_turns_go_through_as_they_come()
    {
        var rig = await shared.GetAsync();
        using var client = ThroughProxy(rig);
        await using var events = await client.OpenEventsAsync(Cancelled);

        var session = await client.CreateSessionAsync("through", cancellationToken: Cancelled);
        await events.NextAsync(e => e.Is("session.created", session), cancellationToken: Cancelled);
        await client.PromptAsync(session, "GATE:through\nSAY:through", Cancelled);
        await events.NextAsync(e => e.Is("session.status", session), cancellationToken: Cancelled);
        rig.Model.Open("through");
        await events.NextAsync(e => e.Is("session.idle", session), cancellationToken: Cancelled);

        Assert.Equal("through", (await client.MessagesAsync(session, Cancelled))[1].Text);
    }

    [Fact]
    public async Task A_refused_request_never_reaches_the_server()
    {
        var (rig, client, session) = await SessionAsync();
        using var refusing = rig.Proxy.Inject(new Fault.Refuse(), r => r.Path.Contains(session, StringComparison.Ordinal), times: 1);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync(session, s_stored, Cancelled));
        Assert.Equal(ProxiedState.Refused, Assert.Single(rig.Proxy.Requests, r => IsPrompt(r, session)).State);
        Assert.Empty(await rig.Server.Client.MessagesAsync(session, Cancelled));

        await client.AskAsync(session, s_stored, Cancelled);
        Assert.Single(await rig.Server.Client.MessagesAsync(session, Cancelled));
    }

    [Fact]
    public async Task A_dropped_reply_leaves_its_work_done()
    {
        var (rig, client, session) = await SessionAsync();
        using var dropping = rig.Proxy.Inject(new Fault.DropReply(), r => IsPrompt(r, session));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync(session, s_stored, Cancelled));

        var dropped = Assert.Single(rig.Proxy.Requests, r => IsPrompt(r, session));
        Assert.Equal((ProxiedState.ReplyDropped, 200), (dropped.State, dropped.Status));
        Assert.Single(await rig.Server.Client.MessagesAsync(session, Cancelled));
    }

    [Fact]
    public async Task A_delayed_reply_comes_late_and_whole()
    {
        var (rig, client, session) = await SessionAsync();
        var delay = TimeSpan.FromMilliseconds(300);
        using var delaying = rig.Proxy.Inject(new Fault.DelayReply(delay), r => IsPrompt(r, session));

        var started = Stopwatch.GetTimestamp();
        var reply = await client.AskAsync(session, s_stored, Cancelled);

        Assert.True(Stopwatch.GetElapsedTime(started) >= delay);
        Assert.Equal("stored", reply.Text);
    }

    [Fact]
    public async Task A_client_that_will_not_wait_for_a_delayed_reply_leaves_its_work_done()
    {
        var (rig, client, session) = await SessionAsync();
        using var delaying = rig.Proxy.Inject(new Fault.DelayReply(TimeSpan.FromHours(1)), r => IsPrompt(r, session));
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        var asked = client.AskAsync(session, s_stored, impatient.Token);
        await rig.Proxy.WaitForRequestsAsync(r => IsPrompt(r, session) && r.State == ProxiedState.Delayed, cancellationToken: Cancelled);
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await rig.Proxy.WaitForRequestsAsync(r => IsPrompt(r, session) && r.State == ProxiedState.ClientLost, cancellationToken: Cancelled);
        Assert.Single(await rig.Server.Client.MessagesAsync(session, Cancelled));
    }

    [Fact]
    public async Task A_cut_event_stream_breaks_off_and_can_be_opened_again()
    {
        var rig = await shared.GetAsync();
        await using var proxy = await FaultProxy.StartAsync(rig.Server.BaseUrl, Cancelled);
        using var client = new OpenCodeClient(proxy.BaseUrl, rig.Server.Home.Project);
        await using var events = await client.OpenEventsAsync(Cancelled);
        var next = events.NextAsync(_ => false, cancellationToken: Cancelled);

        Assert.Equal(1, proxy.CutEventStreams());

        await Assert.ThrowsAnyAsync<IOException>(() => next);
        Assert.Equal(ProxiedState.Cut, Assert.Single(proxy.Requests, r => r.Path == "/global/event").State);
        await using var again = await client.OpenEventsAsync(Cancelled);
    }

    [Fact]
    public async Task A_server_that_is_killed_closes_what_the_proxy_holds_open()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Cancelled);
        using var client = ThroughProxy(rig);
        await using var events = await client.OpenEventsAsync(Cancelled);
        var next = events.NextAsync(_ => false, cancellationToken: Cancelled);

        await rig.Server.KillAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => next);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CreateSessionAsync("nobody", cancellationToken: Cancelled));
        Assert.Equal(2, rig.Proxy.Requests.Count(r => r.State == ProxiedState.ServerLost));

        await rig.Server.RestartAsync(Cancelled);
        Assert.NotEmpty(await client.CreateSessionAsync("again", cancellationToken: Cancelled));
    }

    private static bool IsPrompt(ProxiedRequest request, string session) => request.Is("POST", $"/session/{session}/message");

    private static OpenCodeClient ThroughProxy(OpenCodeRig rig) => new(rig.Proxy.BaseUrl, rig.Server.Home.Project);

    private async Task<(OpenCodeRig Rig, OpenCodeClient Client, string Session)> SessionAsync()
    {
        var rig = await shared.GetAsync();
        return (rig, ThroughProxy(rig), await rig.Server.Client.CreateSessionAsync("fault", cancellationToken: Cancelled));
    }
}
