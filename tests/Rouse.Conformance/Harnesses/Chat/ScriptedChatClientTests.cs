using System.Net;
using Microsoft.Extensions.AI;
using Rouse.Harnesses.Chat.Scripted;

namespace Rouse.Conformance.Harnesses.Chat;

public sealed class ScriptedChatClientTests
{
    private static readonly ManualTime Time = new();

    [Fact]
    public async Task Without_a_directive_it_echoes() => Assert.Equal("ECHO: hello", (await AskAsync(new(Time), User("hello"))).Text);

    [Fact]
    public async Task Lines_of_the_last_user_message_say_what_it_answers()
    {
        var answer = await AskAsync(new(Time), User("SAY:old"), Assistant("old"), User("Please.\nSAY:a\\n\n  SAY:b\nTOOL:look:{\"x\":1}\nTOOL:list"));

        Assert.Equal("a\nb", answer.Text);
        Assert.Equal(["look", "list"], Calls(answer).Select(c => c.Name));
        Assert.Equal("1", Calls(answer)[0].Arguments!["x"]!.ToString());
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.NotEqual(Calls(answer)[0].CallId, Calls(answer)[1].CallId);
        Assert.NotNull(answer.Usage);
    }

    [Fact]
    public async Task The_kth_step_answers_the_kth_call_after_the_message_and_then_it_is_done()
    {
        var client = new ScriptedChatClient(Time);
        ChatMessage[] asked = [User("TOOL:a\nNEXT\nSAY:two\nTOOL:b\nNEXT\nSAY:three")];

        Assert.Equal("a", Calls(await AskAsync(client, asked))[0].Name);
        Assert.Equal("two", (await AskAsync(client, [.. asked, Assistant("1"), Tool("r")])).Text);
        Assert.Equal("three", (await AskAsync(client, [.. asked, Assistant("1"), Tool("r"), Assistant("2"), Assistant("2"), Tool("r")])).Text);
        Assert.Equal("done", (await AskAsync(client, [.. asked, Assistant("1"), Tool("r"), Assistant("2"), Tool("r"), Assistant("3"), Tool("r")])).Text);
    }

    [Fact]
    public async Task A_script_chooses_by_what_the_message_contains_and_an_agents_own_comes_first()
    {
        var agents = new Dictionary<string, string> { ["lead"] = "# a comment\nON:woken\nSAY:lead is woken\n\nON:asked\nSAY:lead is asked" };
        var client = new ScriptedChatClient(Time, "SAY:anything\nON:woken\nSAY:somebody is woken", agents);

        Assert.Equal("lead is woken", (await AskAsync(client, Lead(), User("you are asked and woken"))).Text);
        Assert.Equal("lead is asked", (await AskAsync(client, Lead(), User("you are asked"))).Text);
        Assert.Equal("anything", (await AskAsync(client, Lead(), User("SAY:else"))).Text);
        Assert.Equal("somebody is woken", (await AskAsync(client, User("you are woken"))).Text);
        Assert.Equal("else", (await AskAsync(new(Time, agents: agents), Lead(), User("SAY:else"))).Text);

        static ChatOptions Lead() => new() { AdditionalProperties = new() { ["rouse.agent"] = "lead" } };
    }

    [Fact]
    public async Task A_call_can_name_the_task_that_was_named_last()
    {
        var asked = User("TOOL:a\nNEXT\nTOOL:task_output:{\"task\":\"$TASK\"}");

        var answer = await AskAsync(new(Time), asked, Assistant("task_x_1"), Tool("task_x_2, then task_x_13 is queued"));

        Assert.Equal("task_x_13", Calls(answer)[0].Arguments!["task"]!.ToString());
    }

    [Fact]
    public async Task It_fails_as_http_does()
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(new(Time), User("SAY:x\nERR:429:slow: down")));

        Assert.Equal((HttpStatusCode.TooManyRequests, "slow: down"), (failure.StatusCode, failure.Message));
    }

    [Fact]
    public async Task It_waits_on_the_clock_it_was_given_and_hangs_until_it_is_cancelled()
    {
        var time = new ManualTime();
        var client = new ScriptedChatClient(time);
        var slow = AskAsync(client, User("SLOW:3000\nSAY:late"));
        await time.SetAsync(TimeSpan.FromSeconds(3));
        Assert.False(slow.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("late", (await slow).Text);

        using var cancel = new CancellationTokenSource();
        var hanging = client.GetResponseAsync([User("HANG")], cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Theory]
    [InlineData("hello", "Line 1")]
    [InlineData("SAY:a\nSLOW:soon", "Line 2")]
    [InlineData("TOOL:look:{", "Line 1")]
    [InlineData("TOOL:look:[]", "Line 1")]
    [InlineData("ERR:200:fine", "Line 1")]
    public void A_script_that_cannot_be_read_is_refused_with_its_line(string script, string line) =>
        Assert.StartsWith(line, Assert.Throws<FormatException>(() => new ScriptedChatClient(Time, script)).Message, StringComparison.Ordinal);

    private static Task<ChatResponse> AskAsync(ScriptedChatClient client, params ChatMessage[] messages) => AskAsync(client, options: null, messages);

    private static Task<ChatResponse> AskAsync(ScriptedChatClient client, ChatOptions? options, params ChatMessage[] messages) =>
        client.GetResponseAsync(messages, options, CancellationToken.None);

    private static List<FunctionCallContent> Calls(ChatResponse answer) => [.. answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);

    private static ChatMessage Tool(string result) => new(ChatRole.Tool, [new FunctionResultContent("c", result)]);
}
