using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>One message for one session. It ends consumed, acknowledged or dead-lettered; until then it is owed (invariant 4).</summary>
public sealed record Notice
{
    public required NoticeId Id { get; init; }

    public required SessionId Session { get; init; }

    public required NoticeKind Kind { get; init; }

    public required NoticeState State { get; init; }

    /// <summary>The task that it tells of.</summary>
    public required TaskId Task { get; init; }

    public int Run { get; init => field = Math.Max(1, value); } = 1;

    public DateTimeOffset PostedAt { get; init; }

    /// <summary>Whether it starts a turn of its own; otherwise it rides with the next wake or is read in the mailbox.</summary>
    public bool Wakes { get; init; }

    /// <summary>The wake that brings it.</summary>
    public WakeId? Wake { get; init; }

    public string? DeadLetter { get; init; }

    public bool IsOwed => State is NoticeState.Waiting or NoticeState.Sent;
}

[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>A task reached its outcome.</summary>
    [JsonStringEnumMemberName("settled")] Settled,

    /// <summary>A result came after its task was settled otherwise.</summary>
    [JsonStringEnumMemberName("late-result")] LateResult,
}

[JsonConverter(typeof(JsonStringEnumConverter<NoticeState>))]
public enum NoticeState
{
    /// <summary>In the mailbox, in no wake yet.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>Part of a wake whose content is fixed.</summary>
    [JsonStringEnumMemberName("sent")] Sent,

    [JsonStringEnumMemberName("consumed")] Consumed,

    [JsonStringEnumMemberName("acknowledged")] Acknowledged,

    [JsonStringEnumMemberName("dead-lettered")] DeadLettered,
}
