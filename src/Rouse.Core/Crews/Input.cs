using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>What comes into a crew: a command of somebody, or an observation of the world. The hierarchy is closed.</summary>
public abstract record Input;

/// <summary>Make a session known; for a root, to a new crew.</summary>
public sealed record RegisterSession(Address Address, SessionId? Parent, string? Agent, string? Directory) : Input;

/// <summary>Accept work.</summary>
/// <param name="Lanes">The lanes of the first attempt.</param>
/// <param name="Bodies">The texts that the specification refers to.</param>
public sealed record Delegate(TaskSpec Spec, ImmutableArray<string> Lanes, ImmutableArray<Body> Bodies) : Input;

/// <param name="By">The session that asks; null for an operator.</param>
public sealed record CancelTask(TaskId Task, SessionId? By) : Input;

/// <summary>Cancel every open task that the session delegated.</summary>
public sealed record CancelAll(SessionId Session, SessionId? By) : Input;

public sealed record Acknowledge(SessionId Session, ImmutableArray<NoticeId> Notices) : Input;

/// <summary>The lanes have room for a queued attempt. The commit guards the lanes.</summary>
public sealed record StartAttempt(TaskId Task, int Attempt) : Input;

/// <summary>The lanes have room for a settling task that a wake is to enter. The commit guards the lanes.</summary>
public sealed record ResumeTask(TaskId Task) : Input;

/// <summary>The attempt's session was created or found by its key.</summary>
public sealed record ChildSeen(TaskId Task, int Attempt, Address Address, string? Directory) : Input;

/// <summary>Claim the attempt's prompt for the one send that a harness gets which cannot be asked for it.</summary>
public sealed record DispatchPrompt(TaskId Task, int Attempt) : Input;

/// <summary>Give back the claim of a prompt that was not sent.</summary>
public sealed record WithdrawPrompt(TaskId Task, int Attempt) : Input;

/// <summary>The attempt's prompt was read back.</summary>
public sealed record PromptSeen(TaskId Task, int Attempt, string Evidence) : Input;

/// <summary>The attempt cannot go on: its session was not created or its prompt was refused.</summary>
/// <param name="MayRun">Its session may have begun to work.</param>
/// <param name="NextLanes">Resolves the lanes of a fallback's model.</param>
public sealed record AttemptFailed(TaskId Task, int Attempt, TaskError Error, bool MayRun, Func<string?, ImmutableArray<string>> NextLanes) : Input;

/// <summary>What became of the attempt cannot be known any more: its instance was away for longer than any outage is waited for, or cannot be asked.</summary>
/// <param name="Reason">A stable word.</param>
public sealed record AttemptLost(TaskId Task, int Attempt, string Reason, string Message) : Input;

/// <summary>The session of an attempt that was to be stopped was seen ended, or never existed.</summary>
/// <param name="Output">What it had produced.</param>
public sealed record AttemptStopped(TaskId Task, int Attempt, string Evidence, string? Output) : Input;

/// <summary>A session was inspected.</summary>
/// <param name="AsOf">The crew's version when the look began: what was written later, the look may not show.</param>
/// <param name="LastError">What the harness's stream reported last about the session, where the history may not show it.</param>
/// <param name="NextLanes">Resolves the lanes of a fallback's model.</param>
/// <param name="LookedAt">When the look began, by the <see cref="Moment.Steady"/> time; null for just now. It may be heard long after that.</param>
public sealed record SessionSeen(
    SessionId Session, Inspection Inspection, long AsOf, TaskError? LastError, Func<string?, ImmutableArray<string>> NextLanes,
    DateTimeOffset? LookedAt = null) : Input;

/// <summary>The harness no longer knows a session, confirmed by repeated looks.</summary>
/// <param name="Deleted">Somebody deleted it, as the harness reported.</param>
public sealed record SessionLost(SessionId Session, bool Deleted) : Input;

public sealed record DeadlinePassed(TaskId Task) : Input;

/// <summary>The wake cannot go out now: the gate is closed or no route is open.</summary>
public sealed record HoldWake(WakeId Wake, string Reason) : Input;

/// <summary>Claim a due wake for sending; the content is fixed by it.</summary>
public sealed record LeaseWake(WakeId Wake) : Input;

/// <summary>The lease ends without a send.</summary>
public sealed record ReleaseWake(WakeId Wake, int Epoch, string Reason) : Input;

/// <summary>The wake was sent, or it is not known whether it was.</summary>
/// <param name="After">The newest message at the look just before.</param>
/// <param name="Admits">The harness keeps no keys: that it took it is all the evidence there will ever be.</param>
public sealed record WakeSent(WakeId Wake, int Epoch, string Route, bool Certain, string? After = null, bool Admits = false) : Input;

/// <summary>The wake's key was found in the history.</summary>
/// <param name="Evidence">Null where the harness acknowledged it and cannot be asked for more.</param>
public sealed record WakeFound(WakeId Wake, string? Evidence) : Input;

/// <summary>The nudge was found in the history, or is about to be sent to a harness that cannot be asked for it.</summary>
/// <param name="After">The newest message at the look just before.</param>
public sealed record NudgeFound(WakeId Wake, string Reason, string? After = null) : Input;

/// <summary>The nudge that was on record as about to be sent was not.</summary>
public sealed record WithdrawNudge(WakeId Wake) : Input;

/// <summary>The wake cannot be delivered, also later.</summary>
public sealed record AbandonWake(WakeId Wake, string Reason) : Input;
