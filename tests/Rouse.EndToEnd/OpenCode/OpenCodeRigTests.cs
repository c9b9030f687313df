using System.Net;
using Rouse.ScriptedModel.Calls;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>What the other end-to-end tests stand on does what they take for granted.</summary>
public sealed class OpenCodeRigTests(SharedRig shared) : IClassFixture<SharedRig>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_turn_runs_in_the_real_server_with_the_scripted_model()
    {
        var rig = await shared.GetAsync();
        var session = await rig.Server.Client.CreateSessionAsync("turn", cancellationToken: Cancelled);

        var answer = await rig.Server.Client.AskAsync(session, "Please\nSAY:hello from turn", Cancelled);

        Assert.Equal("hello from turn", answer.Text);
        Assert.Equal("stop", answer.Finish);
        var call = Assert.Single(rig.Model.Calls, c => c.LastUserText.Contains("hello from turn", StringComparison.Ordinal));
        Assert.Equal(ModelCallState.Answered, call.State);
        Assert.Equal("fake-1", call.Model);
        Assert.Contains("bash", call.Tools);
    }

    [Fact]
    public async Task A_tool_runs_between_two_steps_of_a_script()
    {
        var rig = await shared.GetAsync();
        var session = await rig.Server.Client.CreateSessionAsync("tool", cancellationToken: Cancelled);

        var answer = await rig.Server.Client.AskAsync(
            session,
            """
            TOOL:bash:{"command":"echo $((6*7))","description":"multiply"}
            NEXT
            SAY:tool has run
            """,
            Cancelled);

        Assert.Equal("tool has run", answer.Text);
        var second = Assert.Single(rig.Model.Calls, c => c.Step == 1 && c.LastUserText.Contains("tool has run", StringComparison.Ordinal));
        Assert.Contains(second.Messages, m => m.Role == "tool" && m.Text.Contains("42", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_waits_at_its_gate_until_the_test_opens_it()
    {
        var rig = await shared.GetAsync();
        var session = await rig.Server.Client.CreateSessionAsync("gate", cancellationToken: Cancelled);
        await using var events = await rig.Server.Client.OpenEventsAsync(Cancelled);

        await rig.Server.Client.PromptAsync(session, new OpenCodePrompt("GATE:wait\nSAY:through") { Model = "fake-2" }, Cancelled);
        await rig.Model.WaitAtGateAsync("wait", cancellationToken: Cancelled);
        Assert.Equal(1, rig.Model.InFlightOf("fake-2"));
        Assert.Equal("busy", await rig.Server.Client.StatusAsync(session, Cancelled));

        rig.Model.Open("wait");
        await events.NextAsync(e => e.Is("session.idle", session), cancellationToken: Cancelled);
        Assert.Equal(0, rig.Model.InFlightOf("fake-2"));
        Assert.Equal(1, rig.Model.MaxInFlightOf("fake-2"));
    }

    [Fact]
    public async Task A_session_outlives_a_kill_and_goes_on_at_the_same_address()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Cancelled);
        var session = await rig.Server.Client.CreateSessionAsync("kill", cancellationToken: Cancelled);
        await rig.Server.Client.AskAsync(session, "SAY:before the kill", Cancelled);
        await rig.Server.Client.PromptAsync(session, "GATE:never", Cancelled);
        var interrupted = await rig.Model.WaitAtGateAsync("never", cancellationToken: Cancelled);

        await rig.Server.KillAsync();
        await rig.Model.WaitForCallsAsync(
            c => c.Number == interrupted.Number && c.State == ModelCallState.ClientClosed,
            cancellationToken: Cancelled);
        await Assert.ThrowsAsync<HttpRequestException>(() => rig.Server.Client.VersionAsync(Cancelled));

        await rig.Server.RestartAsync(Cancelled);
        var messages = await rig.Server.Client.MessagesAsync(session, Cancelled);
        Assert.Equal(["user", "assistant", "user", "assistant"], messages.Select(m => m.Role));
        Assert.Equal("before the kill", messages[1].Text);
        Assert.False(messages[3].IsCompleted);
        Assert.Equal("idle", await rig.Server.Client.StatusAsync(session, Cancelled));
        Assert.Equal("after", (await rig.Server.Client.AskAsync(session, "SAY:after", Cancelled)).Text);
    }

    [Fact]
    public async Task A_kill_takes_the_running_tools_with_it()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Cancelled);
        var session = await rig.Server.Client.CreateSessionAsync("tree", cancellationToken: Cancelled);
        var pidFile = Path.Combine(rig.Server.Home.Project, "pid");
        await rig.Server.Client.PromptAsync(
            session,
            """TOOL:bash:{"command":"echo $$ > pid.new; mv pid.new pid; exec sleep 3600","description":"stay"}""",
            Cancelled);
        await Eventually.HoldsAsync(_ => Task.FromResult(File.Exists(pidFile)), exists => exists, cancellationToken: Cancelled);
        var tool = $"/proc/{(await File.ReadAllTextAsync(pidFile, Cancelled)).Trim()}";
        Assert.True(Directory.Exists(tool));

        await rig.Server.KillAsync();

        await Eventually.HoldsAsync(_ => Task.FromResult(IsRunning(tool)), running => !running, cancellationToken: Cancelled);
    }

    [Fact]
    public async Task A_password_is_asked_for()
    {
        await using var rig = await OpenCodeRig.StartAsync(o => o with { Password = "open sesame" }, Cancelled);
        Assert.NotEmpty(await rig.Server.Client.VersionAsync(Cancelled));

        using var stranger = new OpenCodeClient(rig.Server.BaseUrl, rig.Server.Home.Project);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => stranger.VersionAsync(Cancelled));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    // A process that has ended may be left as a zombie until its new parent looks.
    private static bool IsRunning(string process)
    {
        try
        {
            return !File.ReadAllText($"{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
