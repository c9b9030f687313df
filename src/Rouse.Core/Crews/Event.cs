using System.Collections.Immutable;
using System.Text.Json;

namespace Rouse.Core;

/// <summary>
/// Something that happened in a crew. The hierarchy is closed but for <see cref="UnknownEvent"/>; the stable names are in
/// <see cref="EventCodec"/>.
/// </summary>
public abstract record Event;

public sealed record SessionRegistered(SessionId Session, Address Address, SessionId? Parent, string? Agent, string? Directory) : Event;

/// <summary>The harness no longer knows the session.</summary>
public sealed record SessionGone(SessionId Session) : Event;

/// <summary>A task was accepted; attempt 1 is queued.</summary>
public sealed record TaskDelegated(TaskId Task, TaskSpec Spec, int Round, ImmutableArray<string> Lanes) : Event
{
    public ImmutableArray<string> Lanes { get; init; } = Lanes.OrEmpty();
}

/// <summary>The attempt holds its slots from here on.</summary>
public sealed record AttemptStarted(TaskId Task, int Attempt) : Event;

/// <summary>The attempt's session exists at this address. The crew knows the session from here on.</summary>
public sealed record ChildCreated(TaskId Task, int Attempt, SessionId Session, Address Address, string? Directory) : Event;

/// <summary>
/// The attempt's prompt is about to be sent to a harness that cannot be asked for it: from here on it is never sent again, unless it is withdrawn.
/// </summary>
public sealed record PromptDispatched(TaskId Task, int Attempt) : Event;

/// <summary>The attempt's prompt was not sent, for certain: it may be claimed again.</summary>
public sealed record PromptWithdrawn(TaskId Task, int Attempt) : Event;

/// <summary>The attempt's prompt was read back from the session's history.</summary>
public sealed record PromptAdmitted(TaskId Task, int Attempt, string Evidence) : Event;

/// <summary>The attempt's session was seen idle without a finished output, or seen otherwise again.</summary>
/// <param name="Newest">The harness's id of the agent's newest message then.</param>
public sealed record IdleSeen(TaskId Task, int Attempt, bool Idle, string? Newest = null) : Event;

/// <summary>The attempt failed and another one is queued in its place.</summary>
/// <param name="AbortOwed">Its session or one below may still work and must be stopped; until that is seen it keeps the slots that it has.</param>
public sealed record AttemptReplaced(
    TaskId Task, int Attempt, TaskError Error, bool AbortOwed, string? Model, ImmutableArray<string> Lanes) : Event
{
    public ImmutableArray<string> Lanes { get; init; } = Lanes.OrEmpty();
}

/// <summary>The attempt's session was seen ended, or it never had one: its slots are free.</summary>
public sealed record AttemptEnded(TaskId Task, int Attempt, string Evidence) : Event;

/// <summary>Idle with output while work that it delegated in turn is open; its slots are free.</summary>
public sealed record TaskSettling(TaskId Task) : Event;

/// <summary>A settling task took its slots again: a wake is about to enter its session.</summary>
public sealed record TaskResumed(TaskId Task) : Event;

/// <summary>The run reached its one outcome.</summary>
/// <param name="AbortOwed">Its session or one below may still work and must be stopped; until that is seen it keeps the slots that it has.</param>
public sealed record TaskSettled(TaskId Task, int Run, Outcome Outcome, bool AbortOwed) : Event;

/// <summary>A result came after the outcome was settled.</summary>
public sealed record LateResultKept(TaskId Task, BodyRef Result) : Event;

public sealed record NoticePosted(NoticeId Notice, SessionId Session, NoticeKind Kind, TaskId Task, int Run, bool Wakes) : Event;

public sealed record NoticeAcknowledged(NoticeId Notice) : Event;

/// <summary>A notice without a living reader.</summary>
public sealed record NoticeDeadLettered(NoticeId Notice, string Reason) : Event;

/// <summary>The session is owed a wake, not before the given time.</summary>
public sealed record WakeDue(WakeId Wake, SessionId Session, DateTimeOffset DueAt, string Key) : Event;

/// <summary>When the wake may go out has changed; null: it waits for siblings that joined its group.</summary>
public sealed record WakeRescheduled(WakeId Wake, DateTimeOffset? DueAt) : Event;

/// <summary>Nothing is left for the wake to bring: all its notices were read and acknowledged before it was sent.</summary>
public sealed record WakeDropped(WakeId Wake) : Event;

/// <summary>The gate is closed or no route is open: the wake waits and no try is used.</summary>
public sealed record WakeHeld(WakeId Wake, string Reason) : Event;

/// <summary>Claimed for sending, with its content fixed. From here on a send may have happened.</summary>
public sealed record WakeLeased(
    WakeId Wake, int Epoch, ImmutableArray<NoticeId> Notices, ImmutableArray<TaskId> Mentions, ImmutableArray<TaskId> StillOpen) : Event
{
    public ImmutableArray<NoticeId> Notices { get; init; } = Notices.OrEmpty();

    public ImmutableArray<TaskId> Mentions { get; init; } = Mentions.OrEmpty();

    public ImmutableArray<TaskId> StillOpen { get; init; } = StillOpen.OrEmpty();
}

/// <summary>The lease ended without a send; no try is used and the content is free again.</summary>
public sealed record WakeReleased(WakeId Wake, int Epoch, string Reason) : Event;

/// <summary>Sent by a route; <paramref name="Certain"/> is false when it is not known whether it arrived.</summary>
/// <param name="After">The harness's id of the newest message that its session held just before, where it is known.</param>
public sealed record WakeDispatched(WakeId Wake, int Epoch, string Route, bool Certain, string? After = null) : Event;

/// <summary>The wake is in the session's history.</summary>
/// <param name="Evidence">What was found under its key; null where the harness acknowledged it and cannot be asked for more.</param>
public sealed record WakeAdmitted(WakeId Wake, string? Evidence) : Event;

/// <summary>The turn after the wake ended empty or in error: one short nudge was sent.</summary>
/// <param name="After">The harness's id of the newest message that its session held just before, where it is known.</param>
public sealed record WakeNudged(WakeId Wake, string Reason, string? After = null) : Event;

/// <summary>The nudge was not sent, for certain: it is owed still.</summary>
public sealed record WakeNudgeWithdrawn(WakeId Wake) : Event;

public sealed record WakeConsumed(WakeId Wake) : Event;

/// <param name="Notices">What it was to bring; they are dead-lettered with it.</param>
public sealed record WakeDeadLettered(WakeId Wake, string Reason, ImmutableArray<NoticeId> Notices) : Event
{
    public ImmutableArray<NoticeId> Notices { get; init; } = Notices.OrEmpty();
}

/// <summary>An event of a newer version: kept as it is, and without effect on what this version knows.</summary>
public sealed record UnknownEvent(string Type, JsonElement Data) : Event;
