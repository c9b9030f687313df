using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rouse.ScriptedModel;
using Rouse.ScriptedModel.Calls;

namespace Rouse.EndToEnd;

/// <summary>The scripted model obeys its scripts and nothing that merely looks like one.</summary>
public sealed class ScriptedModelTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private ScriptedModelServer _model = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _model = await ScriptedModelServer.StartAsync(cancellationToken: Cancelled);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _model.DisposeAsync();
    }

    [Theory]
    [InlineData("no directive", "ECHO: no directive")]
    [InlineData("SAY:one \nSAY:two\\nthree", "one two\nthree")]
    [InlineData("prose\r\nSAY:kept\r\n  SAY:indented\r\n> SAY:quoted\r\nSAYING nothing", "kept")]
    [InlineData("DRIP:0:3", "tick 0 tick 1 tick 2 ")]
    [InlineData("NEXT\nSAY:second step", "")]
    public async Task A_script_is_what_starts_a_line(string text, string answer) => Assert.Equal(answer, await AnswerAsync(text));

    [Fact]
    public async Task A_stream_ends_with_its_reason_usage_and_mark()
    {
        using var response = await PostAsync("REASON:hm\nTOOL:read:{\"path\":\"a\"}\nTOOL:list", stream: true);
        var events = (await response.Content.ReadAsStringAsync(Cancelled)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("data: [DONE]", events[^1]);
        Assert.Contains("total_tokens", events[^2], StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", events[^3], StringComparison.Ordinal);
        Assert.Equal(7, events.Length);
    }

    [Fact]
    public async Task An_error_has_its_status_type_and_retry_after()
    {
        using var response = await PostAsync("GATE:error\nRETRY-AFTER:7\nERR:429:too: many", stream: true, open: "error");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        var error = (await response.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!["error"]!;
        Assert.Equal("too: many", error["message"]!.GetValue<string>());
        Assert.Equal("rate_limit_error", error["type"]!.GetValue<string>());
        Assert.Equal(ModelCallState.Refused, Assert.Single(_model.Calls).State);
    }

    [Theory]
    [InlineData("SLOW:soon")]
    [InlineData("TOOL:read:{oops")]
    [InlineData("GATE")]
    [InlineData("SAY:a\nERR:500")]
    public async Task A_script_that_cannot_be_played_is_a_bad_request(string text)
    {
        using var response = await PostAsync(text);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_drop_cuts_the_connection()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("DROP"));
        await _model.WaitForCallsAsync(c => c.State == ModelCallState.Dropped, cancellationToken: Cancelled);
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_its_call()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var asked = PostAsync("HANG", cancellationToken: leaving.Token);
        await _model.WaitForCallsAsync(_ => true, cancellationToken: Cancelled);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await _model.WaitForCallsAsync(c => c.State == ModelCallState.ClientClosed, cancellationToken: Cancelled);
        Assert.Equal(0, _model.InFlight);
    }

    [Fact]
    public async Task Calls_that_are_open_together_are_counted_together()
    {
        var first = AnswerAsync("GATE:both\nSAY:first");
        var second = AnswerAsync("GATE:both\nSAY:second");
        await _model.WaitForCallsAsync(c => c.WaitingAt == "both", count: 2, cancellationToken: Cancelled);
        _model.Open("both");

        Assert.Equal(["first", "second"], await Task.WhenAll(first, second));
        Assert.Equal(2, _model.MaxInFlight);
        Assert.Equal(0, _model.MaxInFlightOf("another"));
    }

    [Fact]
    public async Task A_test_may_give_the_script_of_a_call()
    {
        _model.ScriptOverride = call => call.LastUserText.StartsWith("[notice", StringComparison.Ordinal) ? "SAY:thanks" : null;

        Assert.Equal("thanks", await AnswerAsync("[notice]\nSAY:words of a child"));
        Assert.Equal("mine", await AnswerAsync("SAY:mine"));
    }

    [Fact]
    public async Task A_wait_that_ends_in_vain_tells_what_there_was()
    {
        await AnswerAsync("SAY:only this");
        var vain = await Assert.ThrowsAsync<TimeoutException>(
            () => _model.WaitForCallsAsync(_ => true, count: 2, TimeSpan.FromMilliseconds(1), Cancelled));
        Assert.Contains("SAY:only this", vain.Message, StringComparison.Ordinal);
    }

    private async Task<string> AnswerAsync(string text)
    {
        using var response = await PostAsync(text);
        var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(Cancelled);
        return answer!["choices"]![0]!["message"]!["content"]?.GetValue<string>() ?? "";
    }

    private Task<HttpResponseMessage> PostAsync(
        string text,
        bool stream = false,
        string? open = null,
        CancellationToken? cancellationToken = null)
    {
        if (open is not null)
        {
            _model.Open(open);
        }

        var body = new { model = "fake-1", stream, messages = new[] { new { role = "user", content = text } } };
        return _http.PostAsJsonAsync($"{_model.BaseUrl}/chat/completions", body, cancellationToken ?? Cancelled);
    }
}
