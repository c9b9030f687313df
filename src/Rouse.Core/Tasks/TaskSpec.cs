using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>What was asked for, unchanged for the life of the task: every attempt and every retry gets the same.</summary>
public sealed record TaskSpec
{
    /// <summary>The session that delegated; its mailbox is the return address of run 1.</summary>
    public required SessionId From { get; init; }

    public required string Agent { get; init; }

    public required string Instance { get; init; }

    public required BodyRef Prompt { get; init; }

    /// <summary>The goal as asked, shortened to what a wake tells of it.</summary>
    public required string Goal { get; init; }

    public string? Description { get; init; }

    /// <summary>Provider and model as <c>provider/model</c>; null leaves the choice to the agent.</summary>
    public string? Model { get; init; }

    public string? Variant { get; init; }

    /// <summary>Models to try when an attempt fails in a way that another model may not.</summary>
    public ImmutableArray<string> Fallbacks { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Tasks of one group are told in one wake under the policy <c>all</c>; null is a group too.</summary>
    public string? Group { get; init; }

    public WakePolicy Wake { get; init; } = WakePolicy.All;

    /// <summary>Higher starts first.</summary>
    public int Priority { get; init; }

    /// <summary>Added to the child's system text, where the harness can.</summary>
    public BodyRef? System { get; init; }

    /// <summary>Tools switched on or off by name.</summary>
    public ImmutableSortedDictionary<string, bool> Tools { get; init => field = value ?? ImmutableSortedDictionary<string, bool>.Empty; } = ImmutableSortedDictionary<string, bool>.Empty;

    public ImmutableArray<PermissionRule> Permissions { get; init => field = value.OrEmpty(); } = [];

    public string? Directory { get; init; }

    /// <summary>When the task must have settled; it is not moved by a restart.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The caller's idempotency key.</summary>
    public string? Key { get; init; }

    /// <summary>Hash of the request, to tell a repeated one from another one under the same key.</summary>
    public string Fingerprint { get; init => field = value ?? ""; } = "";
}
