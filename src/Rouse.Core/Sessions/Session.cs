namespace Rouse.Core;

/// <summary>One conversation of one agent, as its crew knows it.</summary>
public sealed record Session
{
    public required SessionId Id { get; init; }

    public required Address Address { get; init; }

    /// <summary>The session that this one hangs below; null for the root of the crew.</summary>
    public SessionId? Parent { get; init; }

    /// <summary>The task whose attempt runs in this session; null for a session that was registered.</summary>
    public TaskId? Task { get; init; }

    /// <summary>0 for the root, and one more than the parent's for every other session.</summary>
    public int Depth { get; init; }

    public string? Agent { get; init; }

    /// <summary>The working directory as the harness knows it.</summary>
    public string? Directory { get; init; }

    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Set when the harness said that it no longer knows the session.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    public bool IsGone => GoneAt is not null;
}
