using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>One try within a run: one model, one child session.</summary>
public sealed record Attempt
{
    /// <summary>From 1; news of an older attempt changes nothing.</summary>
    public required int Number { get; init; }

    public required AttemptPhase Phase { get; init; }

    /// <summary>The lanes whose slots it needs, resolved when it was queued.</summary>
    public ImmutableArray<string> Lanes { get; init => field = value.OrEmpty(); } = [];

    public string? Model { get; init; }

    public SessionId? Session { get; init; }

    public Address? Address { get; init; }

    /// <summary>
    /// Its session became known only after the task had settled: there is something to stop, and nothing to tell. A notice that may have been sent before
    /// must say the same when it is sent again.
    /// </summary>
    public bool CreatedTooLate { get; init; }

    /// <summary>Its session must be stopped and has not been seen ended yet.</summary>
    public bool AbortOwed { get; init; }

    public TaskError? Error { get; init; }

    public DateTimeOffset QueuedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its prompt was claimed for the one send that a harness gets which cannot be asked for it; null where it can.</summary>
    public DateTimeOffset? DispatchedAt { get; init; }

    public DateTimeOffset? AdmittedAt { get; init; }

    /// <summary>Since when its session has been seen idle without a finished output.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>The agent's newest message then: after a further one it has been idle for less long.</summary>
    public string? IdleAfter { get; init; }
}

/// <summary>How far an attempt has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptPhase>))]
public enum AttemptPhase
{
    [JsonStringEnumMemberName("queued")] Queued,

    /// <summary>Holds its slots; no session is known yet.</summary>
    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>Its session exists; its prompt may be on its way.</summary>
    [JsonStringEnumMemberName("created")] Created,

    /// <summary>Its prompt was read back from the session's history.</summary>
    [JsonStringEnumMemberName("admitted")] Admitted,

    /// <summary>It has no slots any more: its session was seen ended, had settled down when its task ended, or there never was one.</summary>
    [JsonStringEnumMemberName("ended")] Ended,
}
