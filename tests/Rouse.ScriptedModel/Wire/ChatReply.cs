using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rouse.ScriptedModel.Wire;

/// <summary>What the two forms of a chat completion, streamed and whole, have in common.</summary>
internal abstract class ChatReply(HttpContext context, string id, string model) : ModelReply
{
    private int _toolCalls;

    protected HttpResponse Response => context.Response;

    protected static JsonObject Usage => new() { ["prompt_tokens"] = 10, ["completion_tokens"] = 5, ["total_tokens"] = 15 };

    protected string FinishReason => _toolCalls > 0 ? "tool_calls" : "stop";

    public sealed override Task RefuseAsync(int status, string message, string? retryAfter, CancellationToken cancellationToken) =>
        ChatError.WriteAsync(Response, status, message, retryAfter, cancellationToken);

    public sealed override void Drop() => context.Abort();

    protected JsonObject Envelope(string type, JsonArray choices) => new()
    {
        ["id"] = id,
        ["object"] = type,
        ["created"] = 1,
        ["model"] = model,
        ["choices"] = choices,
    };

    protected JsonObject ToolCall(string name, string arguments) => new()
    {
        ["index"] = _toolCalls,
        ["id"] = $"call_{id}_{_toolCalls++}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
    };
}
