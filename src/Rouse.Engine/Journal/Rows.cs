using Rouse.Core;

namespace Rouse.Engine;

/// <summary>An event as it is kept.</summary>
/// <param name="Position">Rises over all crews in the order of commits.</param>
/// <param name="Version">From 1 within the crew, without gap.</param>
public sealed record StoredEvent(long Position, CrewId Crew, long Version, string Type, ReadOnlyMemory<byte> Data, DateTimeOffset At);

/// <summary>A crew as it is kept.</summary>
/// <param name="SnapshotVersion">The version that the snapshot holds; 0 without one.</param>
public sealed record StoredCrew(CrewId Crew, long SnapshotVersion, ReadOnlyMemory<byte>? Snapshot, IReadOnlyList<StoredEvent> Events);

/// <summary>An obligation as it is kept.</summary>
/// <param name="Cursor">Continues a paged read behind this one.</param>
public sealed record StoredObligation(string Cursor, CrewId Crew, Obligation Obligation);

/// <summary>The newest state of a session, for queries. <see cref="Data"/> is the JSON of <see cref="Session"/>.</summary>
public sealed record SessionRow(SessionId Id, Address Address, ReadOnlyMemory<byte> Data);

/// <summary>The newest state of a task, for queries. <see cref="Data"/> is the JSON of <see cref="AgentTask"/>.</summary>
/// <param name="Key">The idempotency key, unique per <paramref name="From"/>.</param>
public sealed record TaskRow(TaskId Id, SessionId From, AgentTaskStatus Status, DateTimeOffset CreatedAt, string? Key, ReadOnlyMemory<byte> Data);

/// <summary>The newest state of a notice, for queries. <see cref="Data"/> is the JSON of <see cref="Notice"/>.</summary>
public sealed record NoticeRow(NoticeId Id, SessionId Session, bool Owed, ReadOnlyMemory<byte> Data);

/// <summary>The newest state of a wake, for queries. <see cref="Data"/> is the JSON of <see cref="Wake"/>.</summary>
public sealed record WakeRow(WakeId Id, SessionId Session, WakePhase Phase, ReadOnlyMemory<byte> Data);

/// <summary>Which tasks to list; null parts do not narrow.</summary>
/// <param name="Session">Delegated by this session.</param>
/// <param name="After">The id of the last task of the page before.</param>
public sealed record TaskQuery(SessionId? Session, CrewId? Crew, IReadOnlyList<AgentTaskStatus>? Statuses, TaskId? After, int Most);
