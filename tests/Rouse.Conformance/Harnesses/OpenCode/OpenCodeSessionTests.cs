using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>What is particular to OpenCode's sessions.</summary>
public sealed class OpenCodeSessionTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Denied_tools_and_the_question_are_not_offered_to_the_model()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()) with
        {
            Tools = ImmutableSortedDictionary<string, bool>.Empty.Add("webfetch", false).Add("write", false),
            Permissions = [new PermissionRule("grep", "*", "deny")],
        });
        var prompt = Prompt(world.Says($"tools {NewKey()}"));

        await world.RunAsync(session, prompt);

        var call = Assert.Single(world.Rig.Model.Calls, c => c.LastUserText == prompt.Text);
        Assert.Contains("bash", call.Tools);
        foreach (var denied in (string[])["webfetch", "write", "edit", "grep", "question"])
        {
            Assert.DoesNotContain(denied, call.Tools);
        }
    }

    [Fact]
    public async Task The_denials_of_a_prompt_are_added_to_a_session_that_Rouse_did_not_create()
    {
        var world = await shared.GetAsync();
        var id = await world.Rig.Server.Client.CreateSessionAsync("adopted", cancellationToken: Cancelled);
        var prompt = Prompt(world.Says($"adopted {NewKey()}")) with { Tools = ImmutableSortedDictionary<string, bool>.Empty.Add("webfetch", false) };

        await world.RunAsync(new Address(world.Harness.Instance, id), prompt);

        var call = Assert.Single(world.Rig.Model.Calls, c => c.LastUserText == prompt.Text);
        Assert.DoesNotContain("webfetch", call.Tools);
        Assert.Contains("question", call.Tools);
    }

    [Fact]
    public async Task The_session_keeps_its_key_the_task_and_its_parent()
    {
        var world = await shared.GetAsync();
        var parent = await world.CreateAsync(world.NewSession(NewKey()));
        var wanted = world.NewSession(NewKey()) with { Parent = parent };

        var child = await world.CreateAsync(wanted);

        var stored = await world.CallAsync(HttpMethod.Get, $"/session/{child.Id}");
        Assert.Equal(parent.Id, stored!["parentID"]!.GetValue<string>());
        Assert.Equal(wanted.Key, stored["metadata"]!["rouse"]!["key"]!.GetValue<string>());
        Assert.Equal("task_1", stored["metadata"]!["rouse"]!["task"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_wake_runs_with_the_session_s_own_agent_model_and_system_text()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()) with { Agent = "plan", Model = "fake/fake-2" });
        await world.RunAsync(session, Prompt(world.Says("first")) with { Agent = "plan", Model = "fake/fake-2", System = "You are woken." });
        var wake = Prompt(world.Says($"wake {NewKey()}")) with { IsWake = true };

        await world.RunAsync(session, wake);

        var call = Assert.Single(world.Rig.Model.Calls, c => c.LastUserText.Contains(wake.Text, StringComparison.Ordinal));
        Assert.Equal("fake-2", call.Model);
        Assert.Contains(call.Messages, m => m.Role == "system" && m.Text.Contains("You are woken.", StringComparison.Ordinal));
        var stored = await StoredAsync(world, session, wake.Key);
        Assert.Equal("plan", stored["info"]!["agent"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_wake_is_stored_as_no_person_s_text_and_reaches_the_model()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await world.RunAsync(session, Prompt(world.Says("first")));
        var wake = Prompt(world.Says($"wake {NewKey()}")) with { IsWake = true };

        await world.RunAsync(session, wake);

        var part = (await StoredAsync(world, session, wake.Key))["parts"]!.AsArray().Single()!;
        Assert.True(part["synthetic"]!.GetValue<bool>());
        Assert.Equal(wake.Key, part["metadata"]!["rouse"]!["key"]!.GetValue<string>());
        Assert.Equal(wake.Text, Assert.Single(world.Rig.Model.Calls, c => c.LastUserText.Contains(wake.Text, StringComparison.Ordinal)).LastUserText);
    }

    [Fact]
    public async Task A_prompt_of_a_person_is_a_person_s()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await world.Rig.Server.Client.AskAsync(session.Id, "SAY:hello", Cancelled);

        var seen = await world.SeeAsync(session);

        Assert.Equal([(MessageOrigin.Person, "SAY:hello"), (MessageOrigin.Agent, "hello")], seen.Messages.Select(m => (m.Origin, m.Text)));
        Assert.InRange(seen.Messages[0].At, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task A_dismissed_question_ends_the_turn_at_its_tool_call_and_leaves_none_open()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()) with { Permissions = [new PermissionRule("question", "*", "allow")] });
        await world.DeliverAsync(session, Prompt(
            """TOOL:question:{"questions":[{"question":"Stop?","header":"Stop","options":[{"label":"A","description":"first"}]}]}"""));
        await world.SeeUntilAsync(session, i => i.OpenQuestion is not null);

        var question = (await world.CallAsync(HttpMethod.Get, "/question"))!.AsArray().Single(q => q!["sessionID"]!.GetValue<string>() == session.Id)!;
        await world.CallAsync(HttpMethod.Post, $"/question/{question["id"]}/reject");
        var seen = await world.SeeUntilAsync(session, i => i.Activity == Activity.Idle);

        Assert.Equal((true, true, false), (seen.Messages[^1].Ended, seen.Messages[^1].CallsTools, seen.Messages[^1].ToolOpen));
    }

    [Fact]
    public async Task A_permission_that_is_asked_for_is_an_open_question()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()) with { Permissions = [new PermissionRule("bash", "*", "ask")] });
        await world.DeliverAsync(session, Prompt("""TOOL:bash:{"command":"echo asked","description":"x"}"""));

        var seen = await world.SeeUntilAsync(session, i => i.OpenQuestion is not null);
        Assert.Contains("bash", seen.OpenQuestion, StringComparison.Ordinal);

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
    }

    [Theory]
    [InlineData("ERR:400:bad request", FailureClass.Request, "invalid-request")]
    [InlineData("ERR:401:no such key sk-abcdefghijklmnop", FailureClass.Provider, "bad-key")]
    [InlineData("ERR:402:pay first", FailureClass.Provider, "quota")]
    [InlineData("ERR:404:no such model", FailureClass.Provider, "unknown-model")]
    public async Task A_provider_s_error_is_classed_in_the_history_and_in_the_watch(string script, FailureClass expected, string reason)
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await using var watch = new SignalLog(world.Harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);

        await world.DeliverAsync(session, Prompt(script));
        var seen = await world.SeeUntilAsync(session, i => i.Activity == Activity.Idle && i.Messages.Any(m => m.Error is not null));
        await watch.WaitAsync(s => s is HarnessSignal.Failed f && f.SessionId == session.Id && f.Error.Class == expected && f.Error.Reason == reason);

        var error = seen.Messages[^1].Error!;
        Assert.Equal((expected, reason), (error.Class, error.Reason));
        Assert.DoesNotContain("sk-abc", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retried_model_call_says_so_and_an_abort_ends_it()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await world.DeliverAsync(session, Prompt("RETRY-AFTER:3600\nERR:429:slow down"));

        var seen = await world.SeeUntilAsync(session, i => i.Retrying is not null);
        Assert.Equal(Activity.Working, seen.Activity);
        Assert.Contains("slow down", seen.Retrying, StringComparison.Ordinal);

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
        var ended = (await world.SeeAsync(session)).Messages[^1];
        Assert.Equal((true, FailureClass.Aborted), (ended.Ended, ended.Error!.Class));
    }

    [Fact]
    public async Task An_agent_that_vanished_is_refused_at_the_delivery()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));

        var refused = Assert.IsType<DeliverResult.Refused>(
            await world.Harness.DeliverAsync(session, Prompt("x") with { Agent = "no-such-agent" }, Cancelled));

        Assert.Equal("unknown-agent", refused.Error.Reason);
    }

    [Fact]
    public async Task An_error_before_the_prompt_was_stored_is_heard()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await using var watch = new SignalLog(world.Harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);

        await world.CallAsync(HttpMethod.Post, $"/session/{session.Id}/prompt_async", new JsonObject
        {
            ["agent"] = "no-such-agent",
            ["parts"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "x" }),
        });

        await watch.WaitAsync(s => s is HarnessSignal.Failed { Error.Reason: "unknown-agent" } f && f.SessionId == session.Id);
    }

    [Fact]
    public async Task A_deleted_session_is_told_and_is_gone()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await using var watch = new SignalLog(world.Harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);

        await world.Rig.Server.Client.DeleteSessionAsync(session.Id, Cancelled);

        await watch.WaitAsync(s => s is HarnessSignal.Deleted d && d.SessionId == session.Id);
        Assert.IsType<InspectResult.Missing>(await world.Harness.InspectAsync(session, Cancelled));
        Assert.IsType<DeliverResult.Gone>(await world.Harness.DeliverAsync(session, Prompt("x"), Cancelled));
        Assert.IsType<FindResult.Gone>(await world.Harness.FindDeliveryAsync(session, "x", Cancelled));
        Assert.Equal(new AbortResult.Ended("gone"), await world.Harness.AbortAsync(session, Cancelled));
    }

    [Fact]
    public async Task The_newest_key_is_reached_however_much_came_after_it()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await using var narrow = world.OpenThroughProxy(o => o with { PageSize = 2 });
        var prompt = Prompt(world.Says("first"));
        await world.RunAsync(session, prompt);
        for (var i = 0; i < 3; i++)
        {
            await world.Rig.Server.Client.AskAsync(session.Id, $"SAY:later {i}", Cancelled);
        }

        var seen = Assert.IsType<InspectResult.Seen>(await narrow.InspectAsync(session, Cancelled)).Inspection;

        Assert.Equal(8, seen.Messages.Length);
        Assert.Equal(prompt.Key, seen.Messages[0].Key);
        Assert.Equal(new FindResult.Found($"msg_rouse_{prompt.Key}", Begun: true), await narrow.FindDeliveryAsync(session, prompt.Key, Cancelled));
    }

    [Fact]
    public async Task A_long_history_without_a_key_is_read_through_once()
    {
        var world = await shared.GetAsync();
        var id = await world.Rig.Server.Client.CreateSessionAsync("a person's own", cancellationToken: Cancelled);
        var session = new Address(world.Harness.Instance, id);
        await using var narrow = world.OpenThroughProxy(o => o with { PageSize = 2 });
        for (var i = 0; i < 3; i++)
        {
            await world.Rig.Server.Client.AskAsync(id, $"SAY:own {i}", Cancelled);
        }

        Assert.Equal(2, Assert.IsType<InspectResult.Seen>(await narrow.InspectAsync(session, Cancelled)).Inspection.Messages.Length);
        var before = Pages();
        Assert.Equal(2, Assert.IsType<InspectResult.Seen>(await narrow.InspectAsync(session, Cancelled)).Inspection.Messages.Length);

        Assert.Equal(2, before);
        Assert.Equal(3, Pages());

        int Pages() => world.Rig.Proxy.Requests.Count(r => r.Is("GET", $"/session/{id}/message"));
    }

    [Fact] // GATE-10
    public async Task Sessions_of_another_directory_are_judged_by_that_directory()
    {
        var world = await shared.GetAsync();
        var elsewhere = world.Rig.Server.Home.CreateProject("elsewhere");
        var session = await world.CreateAsync(world.NewSession(NewKey()) with { Directory = elsewhere });
        var gate = NewKey();
        await world.DeliverAsync(session, Prompt(world.Works(gate)));
        await world.WorksAsync(gate, Cancelled);

        Assert.Equal(Activity.Working, (await world.SeeAsync(session)).Activity);
        Assert.IsType<DeliverResult.Busy>(await world.Harness.DeliverAsync(session, Prompt("x"), Cancelled));
        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
    }

    [Fact]
    public async Task Open_todos_are_seen()
    {
        var world = await shared.GetAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = Prompt(
            """
            TOOL:todowrite:{"todos":[{"content":"step one","status":"completed","priority":"high"},{"content":"step two","status":"pending","priority":"high"}]}
            NEXT
            SAY:noted
            """);

        await world.RunAsync(session, prompt);
        var seen = await world.SeeUntilAsync(session, i => i.Activity == Activity.Idle && i.Messages[^1].Text == "noted");

        Assert.Equal(["step two"], seen.OpenTodos);
        Assert.Contains(seen.Messages, m => m is { RanTools: true, CallsTools: true, Ended: true });
    }

    private static async Task<JsonNode> StoredAsync(OpenCodeWorld world, Address session, string key) =>
        (await world.CallAsync(HttpMethod.Get, $"/session/{session.Id}/message/msg_rouse_{key}"))!;

    private static Prompt Prompt(string text) => new() { Key = NewKey(), Text = text, IsWake = false };

    private static string NewKey() => $"own_{Guid.NewGuid():n}";
}
