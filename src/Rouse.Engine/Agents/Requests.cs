using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>A session to make known.</summary>
public sealed record SessionRequest
{
    public required Address Address { get; init; }

    /// <summary>The session that it hangs below; null for a root.</summary>
    public SessionId? Parent { get; init; }

    public string? Agent { get; init; }

    public string? Directory { get; init; }
}

/// <summary>Work to delegate: do this with that agent, and wake me.</summary>
public sealed record DelegationRequest
{
    public required SessionId From { get; init; }

    public required string Agent { get; init; }

    public required string Prompt { get; init; }

    public string? Description { get; init; }

    /// <summary>Null: the instance of the delegating session.</summary>
    public string? Instance { get; init; }

    public string? Model { get; init; }

    public string? Variant { get; init; }

    public ImmutableArray<string> Fallbacks { get; init; } = [];

    public string? Group { get; init; }

    public WakePolicy Wake { get; init; } = WakePolicy.All;

    /// <summary>-100 to 100; higher starts first.</summary>
    public int Priority { get; init; }

    public string? System { get; init; }

    public ImmutableSortedDictionary<string, bool> Tools { get; init; } = ImmutableSortedDictionary<string, bool>.Empty;

    public ImmutableArray<PermissionRule> Permissions { get; init; } = [];

    /// <summary>Null: the delegating session's directory.</summary>
    public string? Directory { get; init; }

    /// <summary>How long the task may take from its acceptance on.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Makes a repeated request the same task; at most 255 characters.</summary>
    public string? IdempotencyKey { get; init; }
}
