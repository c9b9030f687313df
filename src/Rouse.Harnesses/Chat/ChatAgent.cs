using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Rouse.Harnesses.Chat.Delegation;

namespace Rouse.Harnesses.Chat;

/// <summary>An agent that sessions of a <see cref="ChatHarness"/> can run.</summary>
public sealed record ChatAgent
{
    /// <summary>What the model is told before the conversation; empty for nothing.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>The name of its model; null for the default one.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// What it may call. A call that a crash cut off is not repeated, and the model is told so, unless the tool is a <see cref="RepeatableFunction"/>.
    /// </summary>
    public ImmutableArray<AIFunction> Tools { get; init; } = [];

    /// <summary>Whether it gets the tools that delegate work and read what became of it.</summary>
    public bool MayDelegate { get; init; }

    internal IEnumerable<string> ToolNames => Tools.Select(t => t.Name).Concat(MayDelegate ? DelegationTools.Names : []);
}
