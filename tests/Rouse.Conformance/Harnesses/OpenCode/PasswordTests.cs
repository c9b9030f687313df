using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.EndToEnd.OpenCode;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode;
using HarnessOptions = Rouse.Harnesses.OpenCode.OpenCodeOptions;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>A server with a password, and an address with no server.</summary>
public sealed class PasswordTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_is_let_in_and_the_wrong_one_is_asked_with_once_and_never_shown()
    {
        await using var rig = await OpenCodeRig.StartAsync(o => o with { Password = "open sesame" }, Cancelled);
        await using var right = Open(rig.Server.BaseUrl, "open sesame");
        await using var wrong = Open(rig.Proxy.BaseUrl, "wrong-passw0rd");
        var session = Assert.IsType<CreateResult.Created>(
            await right.CreateSessionAsync(new NewSession { Key = "k", Title = "t", Agent = "build" }, Cancelled)).Address;

        var unreadable = Assert.IsType<InspectResult.Unreadable>(await wrong.InspectAsync(session, Cancelled));
        var notSent = Assert.IsType<DeliverResult.NotSent>(
            await wrong.DeliverAsync(session, new Prompt { Key = "k", Text = "x", IsWake = false }, Cancelled));

        Assert.True(unreadable.InstanceDown);
        Assert.Contains("refuses", unreadable.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("passw0rd", unreadable.Reason + notSent.Reason, StringComparison.Ordinal);
        Assert.Single(rig.Proxy.Requests);
    }

    [Fact]
    public async Task Where_nobody_listens_everything_is_said_at_once_and_nothing_is_claimed()
    {
        await using var harness = Open(new Uri("http://127.0.0.1:9"), password: null);
        var session = new Address("opencode@test", "ses_1");
        var since = Stopwatch.StartNew();

        Assert.True(Assert.IsType<InspectResult.Unreadable>(await harness.InspectAsync(session, Cancelled)).InstanceDown);
        Assert.IsType<DeliverResult.NotSent>(await harness.DeliverAsync(session, new Prompt { Key = "k", Text = "x", IsWake = true }, Cancelled));
        Assert.IsType<FindResult.Unreadable>(await harness.FindDeliveryAsync(session, "k", Cancelled));
        Assert.IsType<AbortResult.NotSeen>(await harness.AbortAsync(session, Cancelled));
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_answers_is_given_up_in_time()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var harness = Open(new Uri($"http://{silent.LocalEndpoint}"), password: null);
        var session = new Address("opencode@test", "ses_1");
        var since = Stopwatch.StartNew();

        Assert.True(Assert.IsType<InspectResult.Unreadable>(await harness.InspectAsync(session, Cancelled)).InstanceDown);
        Assert.IsType<DeliverResult.NotSent>(await harness.DeliverAsync(session, new Prompt { Key = "k", Text = "x", IsWake = true }, Cancelled));
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static OpenCodeHarness Open(Uri url, string? password) =>
        new(new HarnessOptions { Instance = "opencode@test", Url = url, Password = password }, TimeProvider.System, NullLogger.Instance);
}
