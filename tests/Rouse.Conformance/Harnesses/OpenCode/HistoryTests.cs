using System.Text.Json;
using Rouse.Core;
using Rouse.Harnesses.OpenCode.Looks;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>OpenCode's stored messages in the words of the port.</summary>
public sealed class HistoryTests
{
    private const string Person = """{"info":{"id":"msg_1","role":"user","time":{"created":1795257706838},"agent":"build"},"parts":[{"id":"prt_1","type":"text","text":"hello"}]}""";

    [Fact]
    public void A_person_s_prompt_is_a_person_s()
    {
        var seen = Assert.Single(Translate(isIdle: true, Person));

        Assert.Equal((MessageOrigin.Person, "hello", null), (seen.Origin, seen.Text, seen.Key));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1795257706838), seen.At);
    }

    [Fact]
    public void A_prompt_of_Rouse_s_is_known_by_its_id()
    {
        var seen = Assert.Single(Translate(
            isIdle: true,
            """{"info":{"id":"msg_rouse_task_abc_3_r1a1","role":"user","time":{"created":1}},"parts":[{"type":"text","text":"wake","synthetic":true}]}"""));

        Assert.Equal((MessageOrigin.Rouse, "task_abc_3_r1a1", "wake"), (seen.Origin, seen.Key, seen.Text));
    }

    [Theory]
    [InlineData("msg_rouse_")]
    [InlineData("msg_rousex")]
    [InlineData("msg_1fdb2a956001mJn7pGn6j1WtPS")]
    public void An_id_of_another_form_is_no_key(string id) => Assert.Null(MessageKey.Of(id));

    [Fact]
    public void A_key_survives_the_way_through_an_id() => Assert.Equal("wake_a_1", MessageKey.Of(MessageKey.MessageId("wake_a_1")));

    [Fact]
    public void An_answer_that_stopped_has_ended()
    {
        var seen = Assert.Single(Translate(isIdle: true, Answer("\"finish\":\"stop\"", completed: true, Text("one"), Text("two"))));

        Assert.Equal((MessageOrigin.Agent, "one\n\ntwo", true, false), (seen.Origin, seen.Text, seen.Ended, seen.Truncated));
        Assert.Equal(new Usage(17, 8, 0.25m), seen.Usage);
    }

    [Fact]
    public void An_answer_without_an_end_has_not_ended_whether_it_is_alive_or_dead()
    {
        Assert.False(Assert.Single(Translate(isIdle: false, Answer("\"x\":1", completed: false))).Ended);
        Assert.False(Assert.Single(Translate(isIdle: true, Answer("\"x\":1", completed: false))).Ended);
        Assert.True(History.HasLooseEnd(Read(Answer("\"x\":1", completed: false))));
    }

    [Fact]
    public void An_answer_at_its_length_limit_is_truncated() =>
        Assert.True(Assert.Single(Translate(isIdle: true, Answer("\"finish\":\"length\"", completed: true))).Truncated);

    [Fact]
    public void A_step_that_calls_tools_goes_on_while_the_session_works()
    {
        var seen = Assert.Single(Translate(isIdle: false, Answer("\"finish\":\"tool-calls\"", completed: true, Tool("completed"))));

        Assert.Equal((true, true, false, true), (seen.Ended, seen.CallsTools, seen.ToolOpen, seen.RanTools));
    }

    [Fact]
    public void A_step_that_called_tools_before_its_process_died_has_not_ended()
    {
        var step = Answer("\"finish\":\"tool-calls\"", completed: true, Tool("completed"));

        Assert.False(Assert.Single(Translate(isIdle: true, step)).Ended);
        Assert.True(History.HasLooseEnd(Read(step)));
    }

    [Fact]
    public void A_step_before_the_newest_one_has_ended_also_in_an_idle_session()
    {
        var seen = Translate(
            isIdle: true,
            Answer("\"finish\":\"tool-calls\"", completed: true, Tool("completed")),
            Answer("\"finish\":\"stop\"", completed: true, Text("done")));

        Assert.All(seen, m => Assert.True(m.Ended));
        Assert.True(seen[0].CallsTools);
    }

    [Theory]
    [InlineData("The user dismissed this question")]
    [InlineData("The user rejected permission to use this specific tool call.")]
    public void A_rejected_call_ends_the_turn_where_it_stands(string error)
    {
        var seen = Assert.Single(Translate(
            isIdle: true,
            Answer("\"finish\":\"tool-calls\"", completed: true, $$$"""{"type":"tool","callID":"c","state":{"status":"error","error":"{{{error}}}"}}""")));

        Assert.Equal((true, true, false), (seen.Ended, seen.CallsTools, seen.ToolOpen));
    }

    [Theory]
    [InlineData("pending", true, false)]
    [InlineData("running", true, true)]
    [InlineData("completed", false, true)]
    [InlineData("error", false, true)]
    [InlineData("something-new", true, true)]
    public void A_tool_call_is_open_until_it_succeeded_or_failed(string status, bool isOpen, bool hasRun)
    {
        var seen = Assert.Single(Translate(isIdle: false, Answer("\"x\":1", completed: false, Tool(status))));

        Assert.Equal((isOpen, hasRun), (seen.ToolOpen, seen.RanTools));
    }

    [Fact]
    public void An_answer_that_failed_has_ended_with_its_error()
    {
        var seen = Assert.Single(Translate(
            isIdle: true,
            Answer("\"error\":{\"name\":\"APIError\",\"data\":{\"message\":\"too many\",\"statusCode\":429,\"isRetryable\":true}}", completed: false)));

        Assert.True(seen.Ended);
        Assert.Equal(new TaskError(FailureClass.Passing, "rate-limited", "too many"), seen.Error);
    }

    [Fact]
    public void An_answer_that_was_completed_without_an_end_was_aborted() =>
        Assert.Equal(FailureClass.Aborted, Assert.Single(Translate(isIdle: true, Answer("\"x\":1", completed: true))).Error?.Class);

    [Fact]
    public void The_summary_of_a_compaction_is_no_output() =>
        Assert.Equal("", Assert.Single(Translate(isIdle: true, Answer("\"finish\":\"stop\",\"summary\":true", completed: true, Text("summary")))).Text);

    [Fact]
    public void A_prompt_s_summary_of_another_shape_is_read_past() =>
        Assert.Equal("x", Assert.Single(Translate(
            isIdle: true,
            """{"info":{"id":"msg_1","role":"user","summary":{"diffs":[]}},"parts":[{"type":"text","text":"x"},{"type":"text","text":"y","ignored":true},{"type":"new-kind"}]}""")).Text);

    [Fact]
    public void What_has_no_id_is_left_out() => Assert.Empty(Translate(isIdle: true, "{}", """{"info":{}}"""));

    [Theory]
    [InlineData("msg_a", true)]
    [InlineData("msg_c", false)]
    [InlineData("msg_older", true)]
    public void A_prompt_is_begun_when_an_answer_follows_it(string id, bool expected)
    {
        var page = Read(
            """{"info":{"id":"msg_a","role":"user"}}""",
            """{"info":{"id":"msg_b","role":"assistant","parentID":"msg_a"}}""",
            """{"info":{"id":"msg_c","role":"user"}}""");

        Assert.Equal(expected, StoredPrompt.IsBegun(id, page));
    }

    [Fact]
    public void A_prompt_is_begun_when_an_answer_names_it_wherever_that_stands()
    {
        var page = Read(
            """{"info":{"id":"msg_b","role":"assistant","parentID":"msg_c"}}""",
            """{"info":{"id":"msg_c","role":"user"}}""");

        Assert.True(StoredPrompt.IsBegun("msg_c", page));
    }

    [Fact]
    public void The_newest_turn_is_not_a_compaction()
    {
        var page = Read(
            """{"info":{"id":"msg_a","role":"user","agent":"plan"},"parts":[{"type":"text","text":"x"}]}""",
            """{"info":{"id":"msg_b","role":"user","agent":"compaction"},"parts":[{"type":"compaction"}]}""",
            """{"info":{"id":"msg_c","role":"assistant"}}""");

        Assert.Equal("plan", PromptBodies.NewestTurn(page)?.Agent);
    }

    private static IReadOnlyList<SeenMessage> Translate(bool isIdle, params string[] messages) => History.Translate(Read(messages), isIdle);

    private static List<WireMessage> Read(params string[] messages) =>
        [.. messages.Select(m => JsonSerializer.Deserialize(m, WireJson.Default.WireMessage)!)];

    private static string Answer(string fields, bool completed, params string[] parts) =>
        $$$"""
        {"info":{"id":"msg_9","role":"assistant","time":{"created":2{{{(completed ? ",\"completed\":3" : "")}}}},"cost":0.25,
        "tokens":{"input":10,"output":5,"reasoning":3,"cache":{"read":4,"write":3}},{{{fields}}}},"parts":[{{{string.Join(",", parts)}}}]}
        """;

    private static string Text(string text) => $$"""{"type":"text","text":"{{text}}"}""";

    private static string Tool(string status) => $$$"""{"type":"tool","callID":"c","tool":"bash","state":{"status":"{{{status}}}"}}""";
}
