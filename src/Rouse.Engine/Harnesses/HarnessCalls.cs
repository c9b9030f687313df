using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>A session to create.</summary>
public sealed record NewSession
{
    /// <summary>Derived from the attempt; the same key never makes a second session.</summary>
    public required string Key { get; init; }

    /// <summary>The session of the same instance that it becomes a child of; null when the parent lives elsewhere.</summary>
    public Address? Parent { get; init; }

    public required string Title { get; init; }

    public required string Agent { get; init; }

    /// <summary><c>provider/model</c>; null leaves the choice to the agent.</summary>
    public string? Model { get; init; }

    public string? Variant { get; init; }

    /// <summary>Null: the parent's, or else the instance's own.</summary>
    public string? Directory { get; init; }

    public ImmutableArray<PermissionRule> Permissions { get; init; } = [];

    public ImmutableSortedDictionary<string, bool> Tools { get; init; } = ImmutableSortedDictionary<string, bool>.Empty;

    public string? System { get; init; }

    /// <summary>What the harness keeps with the session, where it can: the task and the attempt.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A prompt on its way into a session.</summary>
public sealed record Prompt
{
    /// <summary>Derived from the attempt or the wake; lower case letters, digits and <c>_</c>. It never changes.</summary>
    public required string Key { get; init; }

    public required string Text { get; init; }

    /// <summary>Whether this is a notice of Rouse's rather than the work that was asked for: no person has spoken.</summary>
    public required bool IsWake { get; init; }

    /// <summary>The agent and model to run with; null where the session's own newest ones are to be used.</summary>
    public string? Agent { get; init; }

    public string? Model { get; init; }

    public string? Variant { get; init; }

    public string? System { get; init; }

    public ImmutableSortedDictionary<string, bool> Tools { get; init; } = ImmutableSortedDictionary<string, bool>.Empty;
}

/// <summary>What became of a session's creation.</summary>
public abstract record CreateResult
{
    private CreateResult()
    {
    }

    /// <param name="Directory">The directory that the harness runs it in, where it tells.</param>
    public sealed record Created(Address Address, string? Directory) : CreateResult;

    /// <summary>The instance cannot be reached or read; nothing is known. Try again when it is back.</summary>
    public sealed record Unreachable(string Reason) : CreateResult;

    /// <summary>The harness will not create it, also later.</summary>
    public sealed record Refused(TaskError Error) : CreateResult;
}

/// <summary>What is known of a prompt that was sent.</summary>
public abstract record DeliverResult
{
    private DeliverResult()
    {
    }

    /// <summary>The harness took it. This is no admission yet: that is what the read-back says.</summary>
    public sealed record Sent : DeliverResult;

    /// <summary>Another turn runs; nothing was sent.</summary>
    public sealed record Busy(string Reason) : DeliverResult;

    /// <summary>The harness does not know the session.</summary>
    public sealed record Gone : DeliverResult;

    /// <summary>Refused before a byte went out: another route may be used at once, and no try was used.</summary>
    public sealed record NotSent(string Reason) : DeliverResult;

    /// <summary>It may or may not have arrived: never sent again without a read-back.</summary>
    public sealed record Unknown(string Reason) : DeliverResult;

    /// <summary>The harness will not take it, also later.</summary>
    public sealed record Refused(TaskError Error) : DeliverResult;
}

/// <summary>What the read-back found.</summary>
public abstract record FindResult
{
    private FindResult()
    {
    }

    /// <param name="Evidence">What proves it, such as the harness's id of the message.</param>
    /// <param name="Begun">An agent's message follows it: it was run, or is being run.</param>
    public sealed record Found(string Evidence, bool Begun) : FindResult;

    public sealed record NotFound : FindResult;

    /// <summary>The harness does not know the session.</summary>
    public sealed record Gone : FindResult;

    /// <summary>Nothing is known.</summary>
    /// <param name="InstanceDown">Whether the whole instance could not be reached.</param>
    public sealed record Unreadable(string Reason, bool InstanceDown) : FindResult;
}

/// <summary>What an inspection showed.</summary>
public abstract record InspectResult
{
    private InspectResult()
    {
    }

    public sealed record Seen(Inspection Inspection) : InspectResult;

    /// <summary>The harness answered that it does not know the session.</summary>
    public sealed record Missing : InspectResult;

    /// <summary>Nothing is known; it is never taken as idle.</summary>
    /// <param name="InstanceDown">Whether the whole instance could not be reached.</param>
    public sealed record Unreadable(string Reason, bool InstanceDown) : InspectResult;
}

/// <summary>What became of an abort.</summary>
public abstract record AbortResult
{
    private AbortResult()
    {
    }

    /// <summary>The session was seen idle or gone after the abort.</summary>
    public sealed record Ended(string Evidence) : AbortResult;

    /// <summary>It may still run.</summary>
    public sealed record NotSeen(string Reason) : AbortResult;
}

/// <summary>What a harness said on its stream. All but the connection's own state are hints: the history is the truth.</summary>
public abstract record HarnessSignal
{
    private HarnessSignal()
    {
    }

    /// <summary>The stream is up; whatever happened before may have been missed.</summary>
    public sealed record Connected : HarnessSignal;

    public sealed record Disconnected(string Reason) : HarnessSignal;

    /// <summary>Something moved: text, thinking, a tool, tokens.</summary>
    public sealed record Progress(string SessionId) : HarnessSignal;

    /// <summary>Worth a look: it went idle, failed, retries, asked or was answered, a message was stored.</summary>
    public sealed record Changed(string SessionId) : HarnessSignal;

    /// <summary>An error that the history may not show, such as one from before the prompt was stored.</summary>
    public sealed record Failed(string SessionId, TaskError Error) : HarnessSignal;

    /// <summary>The session was deleted.</summary>
    public sealed record Deleted(string SessionId) : HarnessSignal;
}
