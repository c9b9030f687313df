using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Conformance.Harnesses.Chat;

public sealed class ChatDelegationTests
{
    private const string Delegating =
        """
        TOOL:delegate_task:{"agent":"worker","prompt":"count","description":"Count","group":"g","wake":"each","model":"demo/held"}
        NEXT
        SAY:asked
        """;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Delegating_returns_the_handle_and_the_return_address_is_the_calling_session()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", "lead", null, None);

        var result = await CallAsync(harness, session, Delegating);

        Assert.Equal("task_one_1 is queued. You will be woken; do not wait.", result);
        var request = Assert.Single(rig.Engine.Delegations).Request;
        Assert.Equal((await rig.Engine.FindSessionAsync(session, None))!.Id, request.From);
        Assert.Equal(
            ("worker", "count", "Count", "g", WakePolicy.Each, "demo/held"),
            (request.Agent, request.Prompt, request.Description, request.Group, request.Wake, request.Model));
    }

    /// <summary>DEL-3, CRASH-1.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_delegation_that_a_crash_cut_off_is_repeated_and_makes_one_task(bool before)
    {
        await using var rig = new ChatRig();

        // Writes: the session, the prompt, the answer with the call, its result. The task was made when the result is lost.
        var crashing = new CrashingTranscripts(rig.Transcripts, before ? 4 : 3, before);
        var first = rig.Make(crashing);
        var session = await ChatRig.CreateAsync(first, ChatRig.NewSession(agent: "lead"));
        await first.DeliverAsync(session, ChatRig.Prompt(Delegating), None);
        await crashing.Crashed.WaitAsync(TimeSpan.FromSeconds(30), None);
        Assert.Equal(before ? 1 : 0, rig.Engine.Delegations.Count);

        var second = rig.Make();
        await second.StartAsync(None);
        await ChatRig.UntilIdleAsync(second, session);

        Assert.Single(rig.Engine.Delegations);
        Assert.Equal(
            ["said", "answered -> delegate_task", "returned: task_one_1 is queued. You will be woken; do not wait.", "answered: asked"],
            (await rig.LinesAsync(session)).Select(ChatTurnTests.Story));
    }

    [Fact]
    public async Task The_same_call_in_a_later_turn_is_another_task()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", "held", null, None);
        rig.Change = o => o with { Agents = o.Agents.SetItem("held", new ChatAgent { Model = "demo/held", MayDelegate = true }) };
        harness = rig.Make();

        for (var i = 1; i <= 2; i++)
        {
            await harness.SendAsync(session.Id, "go", null, None);
            var arguments = new Dictionary<string, object?> { ["agent"] = "worker", ["prompt"] = "p" };
            (await rig.Held.NextAsync()).Say(new FunctionCallContent("c1", "delegate_task", arguments));
            (await rig.Held.NextAsync()).Say("done");
            await ChatRig.UntilIdleAsync(harness, session);
        }

        Assert.Equal(2, rig.Engine.Delegations.Count);
    }

    /// <summary>LIM-4.</summary>
    [Fact]
    public async Task A_session_that_the_engine_does_not_know_is_registered_below_its_real_parent()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var root = await harness.OpenSessionAsync("root", "lead", null, None);
        var child = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "lead") with { Parent = root });

        await CallAsync(harness, child, Delegating);

        var known = (await rig.Engine.FindSessionAsync(child, None))!;
        Assert.Equal((await rig.Engine.FindSessionAsync(root, None))!.Id, known.Parent);
        Assert.Equal(known.Id, Assert.Single(rig.Engine.Delegations).Request.From);
    }

    /// <summary>LIM-2.</summary>
    [Fact]
    public async Task A_lineage_that_cannot_be_read_is_refused()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var child = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "lead") with { Parent = new Address(ChatRig.Instance, "deleted") });

        Assert.StartsWith("Refused (unknown-lineage):", await CallAsync(harness, child, Delegating), StringComparison.Ordinal);
        Assert.Empty(rig.Engine.Delegations);
    }

    [Fact]
    public async Task A_refusal_is_told_to_the_model_with_its_type_and_limit()
    {
        await using var rig = new ChatRig();
        rig.Engine.Refuse = new Refusal(RefusalKind.Conflict, "depth-limit", "Too deep.") { Limit = "depth", LimitValue = 3 };
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", "lead", null, None);

        Assert.Equal("Refused (depth-limit): Too deep. Limit: depth = 3.", await CallAsync(harness, session, Delegating));
    }

    /// <summary>SEC-2.</summary>
    [Fact]
    public async Task An_agent_reaches_the_tasks_of_its_own_crew_and_others_look_like_not_existing()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", "lead", null, None);
        var mine = rig.Engine.NewTask(rig.Engine.Know(session).Id, description: "Mine");
        var other = rig.Engine.NewTask(rig.Engine.Know(new Address(ChatRig.Instance, "elsewhere"), "two").Id);
        rig.Engine.Outputs[mine.Id] = new OutputView("42", Partial: true, Truncated: false, 2);
        rig.Engine.Outputs[other.Id] = new OutputView("secret", Partial: false, Truncated: false, 6);

        Assert.Equal(
            $"{mine.Id} is queued. The output is partial: the task did not complete.\n\n42", await CallAsync(harness, session, Call("task_output", mine.Id)));
        Assert.Equal($"{mine.Id} queued, worker: Mine", await CallAsync(harness, session, "TOOL:task_list"));
        Assert.Equal($"{mine.Id} is cancelled; it was running.", await CallAsync(harness, session, Call("task_cancel", mine.Id)));
        foreach (var (tool, task) in ((string, object)[])[("task_output", other.Id), ("task_output", "task_two_9"), ("task_cancel", other.Id), ("task_output", "nonsense")])
        {
            Assert.Equal($"Refused (not-found): there is no task '{task}'. task_list shows yours.", await CallAsync(harness, session, Call(tool, task)));
        }

        Assert.Equal(mine.Id, Assert.Single(rig.Engine.Cancels).Task);
    }

    /// <summary>DONE-11.</summary>
    [Fact]
    public async Task A_long_output_is_read_in_parts()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", "lead", null, None);
        var task = rig.Engine.NewTask(rig.Engine.Know(session).Id);
        var output = new string('a', 32 * 1024) + "end";
        rig.Engine.Outputs[task.Id] = new OutputView(output, Partial: false, Truncated: false, output.Length);

        Assert.EndsWith(
            "a\n\n[3 characters more: read on with offset 32768]", await CallAsync(harness, session, Call("task_output", task.Id)), StringComparison.Ordinal);
        Assert.Equal($"{task.Id} is queued.\n\nend", await CallAsync(harness, session, $"TOOL:task_output:{{\"task\":\"{task.Id}\",\"offset\":32768}}"));
    }

    [Fact]
    public async Task The_model_is_told_what_a_delegation_takes()
    {
        await using var rig = new ChatRig();
        rig.Change = o => o with { Agents = o.Agents.SetItem("held", new ChatAgent { Model = "demo/held", MayDelegate = true }) };
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", "held", null, None);
        await harness.SendAsync(session.Id, "go", null, None);
        var call = await rig.Held.NextAsync();
        call.Say("done");

        Assert.Equal(["delegate_task", "task_output", "task_list", "task_cancel"], call.Options.Tools!.Select(t => t.Name));
        var schema = ((AIFunction)call.Options.Tools![0]).JsonSchema;
        Assert.Equal(["agent", "prompt", "description", "group", "wake", "model"], schema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["agent", "prompt"], schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!));
        Assert.Equal(
            ["all", "each", "none"], schema.GetProperty("properties").GetProperty("wake").GetProperty("enum").EnumerateArray().Select(e => e.GetString()!));
    }

    [Fact]
    public async Task An_agent_that_may_not_delegate_has_none_of_the_tools()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());

        Assert.Equal("There is no tool 'delegate_task' here; there are: none.", await CallAsync(harness, session, Delegating));
    }

    private static string Call(string tool, object task) => $"TOOL:{tool}:{{\"task\":\"{task}\"}}";

    /// <summary>Has the scripted model make one call and tells what it was told.</summary>
    private static async Task<string> CallAsync(ChatHarness harness, Address session, string script)
    {
        var before = (await ChatRig.InspectAsync(harness, session)).Messages.Length;
        await harness.DeliverAsync(session, ChatRig.Prompt(script, "p" + before), None);
        await ChatRig.UntilIdleAsync(harness, session);
        var result = "";
        var ended = 0;
        await foreach (var line in harness.FollowAsync(session.Id, 0, None))
        {
            result = line.Entry is ChatEntry.Returned returned ? returned.Text : result;
            if (line.Entry is ChatEntry.Answered { EndsTurn: true } && ++ended == before / 3 + 1)
            {
                break;
            }
        }

        return result;
    }
}
