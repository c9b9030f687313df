using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Something a crew owes the world. Derived from its state, never enqueued.</summary>
public sealed record Obligation
{
    public required ObligationKind Kind { get; init; }

    /// <summary>The task or wake that it is about.</summary>
    public required int Subject { get; init; }

    /// <summary>The attempt, where the kind is about one; otherwise 0.</summary>
    public int Attempt { get; init; }

    /// <summary>Not before; <see cref="DateTimeOffset.MinValue"/> for at once.</summary>
    public DateTimeOffset Due { get; init; }

    /// <summary>The instance that must be reachable for it; null where none is needed.</summary>
    public string? Instance { get; init; }

    /// <summary>For what waits for slots: the lanes that it needs.</summary>
    public ImmutableArray<string> Lanes { get; init => field = value.OrEmpty(); } = [];

    public int Priority { get; init; }

    /// <summary>For what waits for slots: since when, the ground of first in, first out.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Unique within the crew.</summary>
    [JsonIgnore]
    public ObligationKey Key => new(Kind, Subject, Attempt);

    public bool Equals(Obligation? other) =>
        other is not null && Key == other.Key && Due == other.Due && Instance == other.Instance && Priority == other.Priority
        && Since == other.Since && Lanes.SequenceEqual(other.Lanes, StringComparer.Ordinal);

    public override int GetHashCode() => Key.GetHashCode();
}

/// <summary>What tells one obligation of a crew from another.</summary>
public readonly record struct ObligationKey(ObligationKind Kind, int Subject, int Attempt)
{
    public override string ToString() => $"{Kind}:{Subject}:{Attempt}";
}

[JsonConverter(typeof(JsonStringEnumConverter<ObligationKind>))]
public enum ObligationKind
{
    /// <summary>A queued attempt waits for its lanes.</summary>
    [JsonStringEnumMemberName("queue")] Queue,

    /// <summary>A wake waits for the lanes of the settling task whose session it goes to; ahead of new attempts.</summary>
    [JsonStringEnumMemberName("resume")] Resume,

    /// <summary>Create the session of an attempt and deliver its prompt.</summary>
    [JsonStringEnumMemberName("start")] Start,

    /// <summary>Watch an attempt until its outcome is known.</summary>
    [JsonStringEnumMemberName("supervise")] Supervise,

    /// <summary>Stop a session and see it ended.</summary>
    [JsonStringEnumMemberName("abort")] Abort,

    /// <summary>Bring a due wake into its session.</summary>
    [JsonStringEnumMemberName("deliver")] Deliver,

    /// <summary>Read a dispatched wake back, and watch an admitted one until it is consumed.</summary>
    [JsonStringEnumMemberName("confirm")] Confirm,

    /// <summary>A task's deadline.</summary>
    [JsonStringEnumMemberName("deadline")] Deadline,
}
