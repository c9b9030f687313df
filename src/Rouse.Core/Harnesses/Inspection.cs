using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>
/// What a harness shows of one session at one moment, in words that are the same for every harness. The core judges it:
/// whether an attempt has ended, whether a wake was consumed, whether the gate is open.
/// </summary>
public sealed record Inspection
{
    /// <summary>When it was read, by Rouse's clock.</summary>
    public required DateTimeOffset At { get; init; }

    public required Activity Activity { get; init; }

    /// <summary>
    /// The newest part of the history, oldest first. It reaches back at least to the newest message of Rouse's that the session holds, or to its start.
    /// </summary>
    public ImmutableArray<SeenMessage> Messages { get; init; } = [];

    /// <summary>A question or permission request that waits for an answer; null when there is none.</summary>
    public string? OpenQuestion { get; init; }

    /// <summary>A person is typing, where the harness tells.</summary>
    public bool PersonTyping { get; init; }

    /// <summary>Todos that are not done.</summary>
    public ImmutableArray<string> OpenTodos { get; init; } = [];

    /// <summary>The harness tries a failed model call again by itself; says why.</summary>
    public string? Retrying { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<Activity>))]
public enum Activity
{
    /// <summary>No turn runs in the process that owns the session.</summary>
    [JsonStringEnumMemberName("idle")] Idle,

    /// <summary>A turn runs.</summary>
    [JsonStringEnumMemberName("working")] Working,
}

/// <summary>One message of a session's history.</summary>
public sealed record SeenMessage
{
    /// <summary>The harness's own id.</summary>
    public required string Id { get; init; }

    public required MessageOrigin Origin { get; init; }

    /// <summary>Rouse's key, for a message that Rouse sent; null for all others.</summary>
    public string? Key { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>For an agent's message: the id of the newest prompt that it answers, where the harness tells.</summary>
    public string? Answers { get; init; }

    /// <summary>For an agent's message: whether it came to an end. One without an end in an idle session is dead, not in flight.</summary>
    public bool Ended { get; init; } = true;

    /// <summary>For an agent's message: it ended to call tools, so the turn goes on after it.</summary>
    public bool CallsTools { get; init; }

    /// <summary>A tool call of it has begun and neither succeeded nor failed.</summary>
    public bool ToolOpen { get; init; }

    /// <summary>Tools ran in it: work that may have had side effects.</summary>
    public bool RanTools { get; init; }

    /// <summary>It ended at a length or step limit.</summary>
    public bool Truncated { get; init; }

    /// <summary>Its text, empty where it has none.</summary>
    public string Text { get; init; } = "";

    public TaskError? Error { get; init; }

    public Usage? Usage { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<MessageOrigin>))]
public enum MessageOrigin
{
    /// <summary>Written by the agent of the session.</summary>
    [JsonStringEnumMemberName("agent")] Agent,

    /// <summary>A prompt that a person, or a program other than Rouse, sent.</summary>
    [JsonStringEnumMemberName("person")] Person,

    /// <summary>A prompt or deposit of Rouse's.</summary>
    [JsonStringEnumMemberName("rouse")] Rouse,
}
