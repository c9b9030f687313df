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

    [Fact]
    public async Task A_server_that_repeats_the_password_in_its_errors_is_quoted_without_it()
    {
        const string Password = "open-sesame-7f3a9c51";
        await using var server = new RepeatingServer();
        using var logs = new LogLines();
        var options = new HarnessOptions { Instance = "opencode@test", Url = server.Url, Password = Password };
        await using var harness = new OpenCodeHarness(options, TimeProvider.System, logs);
        var session = new Address("opencode@test", "ses_1");
        var prompt = new Prompt { Key = "k", Text = "x", IsWake = false };

        object[] said =
        [
            await harness.CreateSessionAsync(new NewSession { Key = "k", Title = "t", Agent = "build" }, Cancelled),
            await harness.DeliverAsync(session, prompt, Cancelled), await harness.FindDeliveryAsync(session, "k", Cancelled),
            await harness.InspectAsync(session, Cancelled), await harness.AbortAsync(session, Cancelled), harness.Grade, options, .. logs.Lines,
        ];

        Assert.Contains("OpenCode answered 500: You said", $"{said[0]}", StringComparison.Ordinal);
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"opencode:{Password}"));
        Assert.Contains(basic, server.Heard.First(), StringComparison.Ordinal);
        Assert.All(said, s => Assert.DoesNotContain(Password, $"{s}", StringComparison.Ordinal));
        Assert.All(said, s => Assert.DoesNotContain(basic, $"{s}", StringComparison.Ordinal));
    }

    private static OpenCodeHarness Open(Uri url, string? password) =>
        new(new HarnessOptions { Instance = "opencode@test", Url = url, Password = password }, TimeProvider.System, NullLogger.Instance);
}
