using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rouse.ScriptedModel.Wire;

/// <summary>A chat completion as a stream of server-sent events.</summary>
internal sealed class ChatStreamReply(HttpContext context, string id, string model) : ChatReply(context, id, model)
{
    private bool _begun;

    public override async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        Response.ContentType = "text/event-stream";
        Response.Headers.CacheControl = "no-cache";
        await SendAsync(new JsonObject { ["role"] = "assistant", ["content"] = "" }, finish: null, cancellationToken);
    }

    public override Task SayAsync(string text, CancellationToken cancellationToken) =>
        AnswerAsync(new JsonObject { ["content"] = text }, cancellationToken);

    public override Task ReasonAsync(string text, CancellationToken cancellationToken) =>
        AnswerAsync(new JsonObject { ["reasoning_content"] = text }, cancellationToken);

    public override Task CallToolAsync(string name, string arguments, CancellationToken cancellationToken) =>
        AnswerAsync(new JsonObject { ["tool_calls"] = new JsonArray(ToolCall(name, arguments)) }, cancellationToken);

    public override async Task EndAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await SendAsync([], FinishReason, cancellationToken);

        var usage = Envelope("chat.completion.chunk", []);
        usage["usage"] = Usage;
        await WriteAsync(usage.ToJsonString(), cancellationToken);
        await WriteAsync("[DONE]", cancellationToken);
    }

    private async Task AnswerAsync(JsonObject delta, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await SendAsync(delta, finish: null, cancellationToken);
    }

    private Task SendAsync(JsonObject delta, string? finish, CancellationToken cancellationToken)
    {
        var choice = new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish };
        return WriteAsync(Envelope("chat.completion.chunk", [choice]).ToJsonString(), cancellationToken);
    }

    private async Task WriteAsync(string data, CancellationToken cancellationToken)
    {
        await Response.WriteAsync($"data: {data}\n\n", cancellationToken);
        await Response.Body.FlushAsync(cancellationToken);
    }
}
