using System.Text.Json;
using Rouse.Core;

namespace Rouse.Engine;

/// <param name="Created">False when the session was known already.</param>
public sealed record Registered(SessionView Session, bool Created);

/// <param name="Created">False when the idempotency key had made the task before.</param>
/// <param name="Message">One sentence for the agent: a wake will come, waiting or polling is not needed.</param>
public sealed record Delegated(TaskView Task, bool Created, string Message);

/// <summary>What was cancelled.</summary>
public sealed record CancelReply(IReadOnlyList<CancelledTask> Items);

/// <param name="Before">The status before the call.</param>
/// <param name="Status">The status now: <c>cancelled</c>, or the outcome that it had already.</param>
public sealed record CancelledTask(TaskId Id, AgentTaskStatus Before, AgentTaskStatus Status);

/// <param name="Next">Pass it as <c>after</c> to go on; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

public sealed record SessionView(
    SessionId Id, CrewId Crew, Address Address, SessionId? Parent, TaskId? Task, int Depth, string? Agent, string? Directory,
    DateTimeOffset RegisteredAt, DateTimeOffset? GoneAt);

public sealed record TaskView(
    TaskId Id, AgentTaskStatus Status, CrewId Crew, SessionId From, string? Description, string Agent, string? Model, string Instance,
    string? Group, WakePolicy Wake, int Priority, string? Directory, LaneView? Lane, int Run, IReadOnlyList<AttemptView> Attempts,
    DateTimeOffset CreatedAt, DateTimeOffset? SettledAt, DateTimeOffset? Deadline, OutcomeView? Outcome);

/// <param name="Names">The lanes that the current attempt is on.</param>
/// <param name="Place">Its place in the queue from 1; null when it does not wait.</param>
public sealed record LaneView(IReadOnlyList<string> Names, int? Place);

public sealed record AttemptView(int Number, string? Model, Address? Session, AttemptPhase Status, TaskError? Error);

public sealed record OutcomeView(AgentTaskStatus Status, string? Reason, TaskError? Error, Usage? Usage, bool Partial, bool Truncated);

/// <param name="Partial">The task did not complete; this is what it had produced.</param>
/// <param name="Truncated">The last turn ended at a length or step limit.</param>
/// <param name="Size">Length of the text in bytes of UTF-8.</param>
public sealed record OutputView(string Text, bool Partial, bool Truncated, int Size);

public sealed record NoticeView(
    NoticeId Id, NoticeKind Kind, NoticeState State, TaskId Task, int Run, DateTimeOffset PostedAt, bool Owed, bool Wakes, string? DeadLetter, WakeView? Wake);

public sealed record WakeView(
    WakeId Id, SessionId Session, WakePhase Phase, DateTimeOffset? DueAt, int Epoch, int Sends, IReadOnlyList<NoticeId> Notices, Hold? Hold,
    string? DeadLetter, IReadOnlyList<ReceiptStep> Receipt);

/// <summary>Why something does or does not happen now.</summary>
/// <param name="State">One sentence.</param>
/// <param name="Reasons">What holds it, one line each.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextLook">When it is looked at next; null when a signal is waited for.</param>
public sealed record ExplainView(string State, IReadOnlyList<string> Reasons, DateTimeOffset? Since, int Tries, DateTimeOffset? NextLook);

public sealed record InstanceView(string Name, bool Up, string? Reason, DateTimeOffset? Since, HarnessGrade Grade);

/// <param name="Position">The <c>id</c> of the event; continue after it.</param>
public sealed record EventView(long Position, CrewId Crew, string Type, DateTimeOffset At, JsonElement Data);
