using Microsoft.Extensions.AI;

namespace Rouse.Harnesses.Chat;

/// <summary>
/// A tool that may be called again after a crash with the same arguments: it only reads, or it does its work once for each
/// <see cref="ChatToolCall.Key"/>.
/// </summary>
public sealed class RepeatableFunction(AIFunction function) : DelegatingAIFunction(function);
