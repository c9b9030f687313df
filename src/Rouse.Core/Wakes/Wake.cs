using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>One prompt that brings one or more notices into a session, with its receipt.</summary>
public sealed record Wake
{
    public required WakeId Id { get; init; }

    public required SessionId Session { get; init; }

    public required WakePhase Phase { get; init; }

    /// <summary>When it may go out; null while it waits for siblings that joined its group after it had become due.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Counts the leases; the result of an older lease is refused.</summary>
    public int Epoch { get; init; }

    /// <summary>Counts the sends that may have reached the harness.</summary>
    public int Sends { get; init; }

    /// <summary>What it brings, in mailbox order; fixed at the first lease that led to a send.</summary>
    public ImmutableArray<NoticeId> Notices { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Tasks told in one line: failures of the group that an earlier wake told in full.</summary>
    public ImmutableArray<TaskId> Mentions { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Open tasks of the session when the content was fixed.</summary>
    public ImmutableArray<TaskId> StillOpen { get; init => field = value.OrEmpty(); } = [];

    /// <summary>The key under which its message is found in the history; it never changes.</summary>
    public required string Key { get; init; }

    /// <summary>Whether the one nudge after an empty turn was sent; its key is <see cref="NudgeKey"/>.</summary>
    public bool Nudged { get; init; }

    public string NudgeKey => Key + "n";

    /// <summary>
    /// The newest message of its session just before it was sent: what follows that one is its turn. Empty when there was none; null when no look told.
    /// </summary>
    public string? After { get; init; }

    /// <summary>The same of its nudge.</summary>
    public string? NudgedAfter { get; init; }

    /// <summary>Why it does not go out now, and since when; null while nothing holds it.</summary>
    public Hold? Hold { get; init; }

    public string? DeadLetter { get; init; }

    /// <summary>Its history, oldest first.</summary>
    public ImmutableArray<ReceiptStep> Receipt { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Its harness acknowledged it and keeps no keys: no message of the history can be told to be this one.</summary>
    public bool IsUnkeyed => Receipt.LastOrDefault(s => s.Step == "admitted") is { Detail: null };

    /// <summary>The crew's version at the last step of the receipt.</summary>
    public long Version { get; init; }

    public bool IsOpen => Phase is not (WakePhase.Consumed or WakePhase.DeadLettered);

    /// <summary>A send may have happened and is not settled: one such wake at a time in a session (invariant 6).</summary>
    public bool InFlight => Phase is WakePhase.Leased or WakePhase.Dispatched or WakePhase.Admitted;

    /// <summary>
    /// How long a wake waits that is due at a time. None waits longer than the debounce: a time that lies further ahead was written before the clock was
    /// set back.
    /// </summary>
    public static TimeSpan WaitUntil(DateTimeOffset due, DateTimeOffset now, Rules rules) =>
        due > now && due - now <= rules.Debounce ? due - now : TimeSpan.Zero;
}

/// <summary>Why a wake waits.</summary>
/// <param name="Reason">A stable word, such as <c>working</c>, <c>open-question</c>, <c>instance-down</c>.</param>
public sealed record Hold(string Reason, DateTimeOffset Since);

/// <summary>One step of a receipt.</summary>
public sealed record ReceiptStep(string Step, DateTimeOffset At, string? Detail = null);

[JsonConverter(typeof(JsonStringEnumConverter<WakePhase>))]
public enum WakePhase
{
    [JsonStringEnumMemberName("due")] Due,

    /// <summary>Claimed: from here on a send may have happened.</summary>
    [JsonStringEnumMemberName("leased")] Leased,

    /// <summary>Sent, or it is not known whether it was; the read-back decides.</summary>
    [JsonStringEnumMemberName("dispatched")] Dispatched,

    /// <summary>Its key was found in the session's history.</summary>
    [JsonStringEnumMemberName("admitted")] Admitted,

    /// <summary>A turn with output began after it was admitted.</summary>
    [JsonStringEnumMemberName("consumed")] Consumed,

    [JsonStringEnumMemberName("dead-lettered")] DeadLettered,
}
