using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Conformance.Harnesses.Chat;

public sealed class ChatTurnTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Tools_run_one_after_the_other_and_their_results_are_stored_before_the_model_is_asked_again()
    {
        var ran = new List<string>();
        await using var rig = new ChatRig
        {
            Tools = [AIFunctionFactory.Create((string what) => { ran.Add(what); return "read " + what; }, "read")],
        };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());

        await harness.DeliverAsync(session, ChatRig.Prompt("TOOL:read:{\"what\":\"a\"}\nTOOL:read:{\"what\":\"b\"}\nNEXT\nSAY:both read"), None);
        var seen = await ChatRig.UntilIdleAsync(harness, session);

        Assert.Equal(["a", "b"], ran);
        Assert.Equal(
            ["said", "answered -> read read", "returned: read a", "returned: read b", "answered: both read"],
            (await rig.LinesAsync(session)).Select(Story));
        Assert.Equal((true, true, false), (seen.Messages[1].CallsTools, seen.Messages[1].RanTools, seen.Messages[1].ToolOpen));
        Assert.Equal("both read", seen.Messages[2].Text);
    }

    [Fact]
    public async Task An_open_tool_call_is_seen_as_open()
    {
        var (tool, started, end) = HeldTool();
        await using var rig = new ChatRig { Tools = [tool] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        await harness.DeliverAsync(session, ChatRig.Prompt("TOOL:hold\nNEXT\nSAY:done"), None);
        await started;

        var during = await ChatRig.InspectAsync(harness, session);
        end.SetResult("ok");
        var after = await ChatRig.UntilIdleAsync(harness, session);

        Assert.Equal((Activity.Working, true), (during.Activity, during.Messages[^1].ToolOpen));
        Assert.Equal((Activity.Idle, false), (after.Activity, after.Messages[1].ToolOpen));
    }

    [Fact]
    public async Task A_tool_that_fails_or_does_not_exist_is_told_to_the_model_and_the_turn_goes_on()
    {
        await using var rig = new ChatRig { Tools = [AIFunctionFactory.Create(string () => throw new InvalidOperationException("no such file"), "read")] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());

        await harness.DeliverAsync(session, ChatRig.Prompt("TOOL:read\nTOOL:fly\nNEXT\nSAY:well"), None);
        await ChatRig.UntilIdleAsync(harness, session);

        Assert.Equal(
            ["said", "answered -> read fly", "failed: The tool failed: no such file", "failed: There is no tool 'fly' here; there are: read.", "answered: well"],
            (await rig.LinesAsync(session)).Select(Story));
    }

    [Fact]
    public async Task Calls_with_the_same_id_or_none_each_get_their_own_result()
    {
        var count = 0;
        await using var rig = new ChatRig { Tools = [AIFunctionFactory.Create(() => $"run {++count}", "look")] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);

        (await rig.Held.NextAsync()).Say(
            new FunctionCallContent("x", "look"), new FunctionCallContent("x", "look"), new FunctionCallContent("", "look"));
        var next = await rig.Held.NextAsync();
        next.Say("done");

        var results = next.Messages[^1].Contents.Cast<FunctionResultContent>().ToList();
        Assert.Equal(["run 1", "run 2", "run 3"], results.Select(r => r.Result));
        Assert.Equal(3, results.Select(r => r.CallId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(results.Select(r => r.CallId), next.Messages[^2].Contents.Cast<FunctionCallContent>().Select(c => c.CallId));
    }

    /// <summary>DONE-12.</summary>
    [Fact]
    public async Task At_the_limit_of_tool_steps_the_model_is_asked_once_more_without_tools_and_the_answer_is_truncated()
    {
        await using var rig = new ChatRig { Tools = [AIFunctionFactory.Create(() => "ok", "look")] };
        rig.Change = o => o with { MaxToolSteps = 2 };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);

        (await rig.Held.NextAsync()).CallTool("look");
        (await rig.Held.NextAsync()).CallTool("look");
        var last = await rig.Held.NextAsync();
        last.Say(new TextContent("so far"), new FunctionCallContent("c", "look"));

        Assert.Null(last.Options.Tools);
        var seen = await ChatRig.UntilIdleAsync(harness, session);
        var answer = seen.Messages[^1];
        Assert.Equal(("so far", true, false, false), (answer.Text, answer.Truncated, answer.CallsTools, answer.RanTools));
    }

    [Fact]
    public async Task An_answer_that_the_model_cut_at_its_length_is_truncated_and_its_usage_is_told()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);

        (await rig.Held.NextAsync()).Respond(new ChatResponse(new ChatMessage(ChatRole.Assistant, "half a sent"))
        {
            FinishReason = ChatFinishReason.Length, Usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 },
        });

        var answer = (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1];
        Assert.Equal((true, new Usage(7, 3, null)), (answer.Truncated, answer.Usage));
    }

    [Theory]
    [InlineData("ERR:429:slow down", FailureClass.Passing, "rate-limited")]
    [InlineData("ERR:429:insufficient_quota", FailureClass.Provider, "quota")]
    [InlineData("ERR:529:overloaded", FailureClass.Passing, "overloaded")]
    [InlineData("ERR:503:no", FailureClass.Passing, "overloaded")]
    [InlineData("ERR:401:no", FailureClass.Provider, "bad-key")]
    [InlineData("ERR:402:no", FailureClass.Provider, "quota")]
    [InlineData("ERR:404:no such model", FailureClass.Provider, "unknown-model")]
    [InlineData("ERR:400:maximum context length is 8192", FailureClass.Request, "context-overflow")]
    [InlineData("ERR:400:bad", FailureClass.Request, "invalid-request")]
    public async Task A_model_that_fails_ends_the_turn_with_an_error_of_its_class(string script, FailureClass failure, string reason)
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());

        await harness.DeliverAsync(session, ChatRig.Prompt(script), None);

        var answer = (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1];
        Assert.Equal((failure, reason, true, ""), (answer.Error?.Class, answer.Error?.Reason, answer.Ended, answer.Text));
    }

    [Fact]
    public async Task Exceptions_without_an_http_status_are_judged_too_and_the_host_may_judge_first()
    {
        await using var rig = new ChatRig();
        rig.Change = o => o with { ClassifyError = e => e is NotSupportedException ? new TaskError(FailureClass.Request, "mine", "As the host says.") : null };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));

        Assert.Equal((FailureClass.Passing, "connection"), await FailAsync(new HttpRequestException("connection refused")));
        Assert.Equal((FailureClass.Passing, "rate-limited"), await FailAsync(new VendorException(429)));
        Assert.Equal((FailureClass.Passing, "timeout"), await FailAsync(new TimeoutException()));
        Assert.Equal((FailureClass.Passing, "timeout"), await FailAsync(new TaskCanceledException("the client's own limit")));
        Assert.Equal((FailureClass.Unknown, "model-error"), await FailAsync(new InvalidOperationException("odd")));
        Assert.Equal((FailureClass.Request, "mine"), await FailAsync(new NotSupportedException()));

        async Task<(FailureClass?, string?)> FailAsync(Exception exception)
        {
            await harness.SendAsync(session.Id, "go", null, None);
            (await rig.Held.NextAsync()).Fail(exception);
            var answer = (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1];
            return (answer.Error?.Class, answer.Error?.Reason);
        }
    }

    [Fact]
    public async Task A_model_call_that_outlasts_its_deadline_ends_the_turn_with_a_passing_error()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        await harness.DeliverAsync(session, ChatRig.Prompt("HANG"), None);
        await rig.Time.SetAsync(TimeSpan.FromMinutes(10));

        rig.Time.Advance(TimeSpan.FromMinutes(10));

        var answer = (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1];
        Assert.Equal((FailureClass.Passing, "timeout"), (answer.Error?.Class, answer.Error?.Reason));
    }

    [Fact]
    public async Task A_slow_model_is_waited_for()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        await harness.DeliverAsync(session, ChatRig.Prompt("SLOW:5000\nSAY:at last"), None);
        await rig.Time.SetAsync(TimeSpan.FromSeconds(5));

        var during = await ChatRig.InspectAsync(harness, session);
        rig.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Activity.Working, during.Activity);
        Assert.Equal("at last", (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1].Text);
    }

    [Fact]
    public async Task An_abort_ends_the_turn_sees_it_ended_and_the_next_prompt_runs()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        await harness.DeliverAsync(session, ChatRig.Prompt("HANG"), None);
        await rig.Time.SetAsync(TimeSpan.FromMinutes(10));

        Assert.IsType<AbortResult.Ended>(await harness.AbortAsync(session, None));

        var seen = await ChatRig.InspectAsync(harness, session);
        Assert.Equal((Activity.Idle, FailureClass.Aborted, true), (seen.Activity, seen.Messages[^1].Error?.Class, seen.Messages[^1].Ended));
        Assert.IsType<AbortResult.Ended>(await harness.AbortAsync(session, None));
        await harness.DeliverAsync(session, ChatRig.Prompt("SAY:again", "p2"), None);
        Assert.Equal("again", (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1].Text);
    }

    [Fact]
    public async Task An_abort_in_a_tool_ends_the_turn_and_the_model_is_later_told_that_the_call_was_interrupted()
    {
        var (tool, started, _) = HeldTool();
        await using var rig = new ChatRig { Tools = [tool] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);
        (await rig.Held.NextAsync()).CallTool("hold");
        await started;

        Assert.IsType<AbortResult.Ended>(await harness.AbortAsync(session, None));

        var seen = await ChatRig.InspectAsync(harness, session);
        Assert.Equal((Activity.Idle, true, false), (seen.Activity, seen.Messages[1].RanTools, seen.Messages[1].ToolOpen));
        await harness.DeliverAsync(session, ChatRig.Prompt("go on", "p2"), None);
        var next = await rig.Held.NextAsync();
        next.Say("ok");
        Assert.Equal(
            "[interrupted: it may or may not have taken effect]",
            Assert.IsType<FunctionResultContent>(Assert.Single(next.Messages.Single(m => m.Role == ChatRole.Tool).Contents)).Result);
    }

    [Fact]
    public async Task A_turn_whose_tool_does_not_stop_is_not_seen_ended()
    {
        var release = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = new ChatRig { Tools = [AIFunctionFactory.Create(() => { started.SetResult(); return release.Task; }, "deaf")] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        await harness.DeliverAsync(session, ChatRig.Prompt("TOOL:deaf\nNEXT\nSAY:done"), None);
        await started.Task;

        var abort = harness.AbortAsync(session, None);
        await rig.Time.SetAsync(TimeSpan.FromSeconds(8));
        rig.Time.Advance(TimeSpan.FromSeconds(8));

        Assert.IsType<AbortResult.NotSeen>(await abort);
        Assert.Equal(Activity.Working, (await ChatRig.InspectAsync(harness, session)).Activity);
        release.SetResult("late");
        Assert.Equal(FailureClass.Aborted, (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1].Error?.Class);
        Assert.Equal(["said", "answered -> deaf", "returned: late", "error: aborted"], (await rig.LinesAsync(session)).Select(Story));
    }

    [Fact]
    public async Task An_answer_is_kept_until_the_journal_is_back()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);
        var call = await rig.Held.NextAsync();
        rig.Transcripts.Away = true;
        call.Say("worth keeping");
        await rig.Time.SetAsync(TimeSpan.FromMilliseconds(100));
        rig.Time.Advance(TimeSpan.FromMilliseconds(100));
        await rig.Time.SetAsync(TimeSpan.FromMilliseconds(200));

        rig.Transcripts.Away = false;
        rig.Time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal("worth keeping", (await ChatRig.UntilIdleAsync(harness, session)).Messages[^1].Text);
        Assert.Equal(1, rig.Held.Count);
    }

    [Fact]
    public async Task What_the_model_thought_is_given_back_to_it()
    {
        await using var rig = new ChatRig { Tools = [AIFunctionFactory.Create(() => "ok", "look")] };
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);
        (await rig.Held.NextAsync()).Say(
            new TextReasoningContent("hm") { ProtectedData = "signed" }, new FunctionCallContent("c", "look", new Dictionary<string, object?> { ["a"] = 1 }));
        (await rig.Held.NextAsync()).Say("done");
        await ChatRig.UntilIdleAsync(harness, session);
        await harness.DisposeAsync();

        var restarted = rig.Make();
        await restarted.DeliverAsync(session, ChatRig.Prompt("more", "p2"), None);
        var next = await rig.Held.NextAsync();
        next.Say("done");

        var contents = next.Messages.First(m => m.Role == ChatRole.Assistant).Contents;
        Assert.Equal(("hm", "signed"), (Assert.IsType<TextReasoningContent>(contents[0]).Text, ((TextReasoningContent)contents[0]).ProtectedData));
        Assert.Equal("1", Assert.IsType<FunctionCallContent>(contents[1]).Arguments!["a"]!.ToString());
    }

    internal static string Story(ChatLine line) => line.Entry switch
    {
        ChatEntry.Said => "said",
        ChatEntry.Answered { Error: { } error } => "error: " + error.Reason,
        ChatEntry.Answered { EndsTurn: true } answered => "answered: " + answered.Text,
        ChatEntry.Answered answered => "answered -> " + string.Join(' ', answered.Calls.Select(c => c.Name)),
        ChatEntry.Returned { Failed: true } returned => "failed: " + returned.Text,
        ChatEntry.Returned returned => "returned: " + returned.Text,
        _ => "foreign",
    };

    /// <summary>A tool that ends when the test says so, or when it is cancelled.</summary>
    internal static (AIFunction Tool, Task Started, TaskCompletionSource<string> End) HeldTool(string name = "hold")
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var tool = AIFunctionFactory.Create(
            (CancellationToken cancellationToken) =>
            {
                started.TrySetResult();
                return end.Task.WaitAsync(cancellationToken);
            },
            name);
        return (tool, started.Task.WaitAsync(TimeSpan.FromSeconds(30)), end);
    }

    /// <summary>As a vendor's package has it.</summary>
    private sealed class VendorException(int status) : Exception("slow down")
    {
        public int Status { get; } = status;
    }
}
