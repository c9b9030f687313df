using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rouse.ScriptedModel.Wire;

/// <summary>A chat completion as one JSON document.</summary>
internal sealed class ChatDocumentReply(HttpContext context, string id, string model) : ChatReply(context, id, model)
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly JsonArray _toolCalls = [];

    public override Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task SayAsync(string text, CancellationToken cancellationToken)
    {
        _text.Append(text);
        return Task.CompletedTask;
    }

    public override Task ReasonAsync(string text, CancellationToken cancellationToken)
    {
        _reasoning.Append(text);
        return Task.CompletedTask;
    }

    public override Task CallToolAsync(string name, string arguments, CancellationToken cancellationToken)
    {
        _toolCalls.Add((JsonNode)ToolCall(name, arguments));
        return Task.CompletedTask;
    }

    public override async Task EndAsync(CancellationToken cancellationToken)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = _text.Length > 0 ? _text.ToString() : null };
        if (_reasoning.Length > 0)
        {
            message["reasoning_content"] = _reasoning.ToString();
        }

        if (_toolCalls.Count > 0)
        {
            message["tool_calls"] = _toolCalls;
        }

        var choice = new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = FinishReason };
        var document = Envelope("chat.completion", [choice]);
        document["usage"] = Usage;
        Response.ContentType = "application/json";
        await Response.WriteAsync(document.ToJsonString(), cancellationToken);
    }
}
