using Microsoft.Extensions.AI;
using Rouse.Core;

namespace Rouse.Harnesses.Chat;

/// <summary>Who calls a tool. The harness says it, not the model.</summary>
/// <param name="Session">The calling session.</param>
/// <param name="Agent">The agent that it runs.</param>
/// <param name="Directory">The session's directory; null where it has none.</param>
/// <param name="CallId">The model's own id of the call; a model may use one twice.</param>
/// <param name="Key">Names this call and no other, also when it is repeated after a crash: good as an idempotency key.</param>
public sealed record ChatToolCall(Address Session, string Agent, string? Directory, string CallId, string Key)
{
    /// <summary>The call that a tool's arguments belong to; null outside a <see cref="ChatHarness"/>.</summary>
    public static ChatToolCall? Of(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(ChatToolCall), out var call) is true ? call as ChatToolCall : null;
}
