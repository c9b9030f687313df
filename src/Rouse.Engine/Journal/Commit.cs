using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// What one crew writes in one transaction. All rows are of that crew; a key that is both settled and owed is owed; slots are freed before
/// others are taken. What a task, a notice or a wake was created with (its session, time and key) stays when its row is replaced.
/// </summary>
public sealed record Commit
{
    public required CrewId Crew { get; init; }

    /// <summary>The number of events that the crew must have for the commit to be taken; 0 for a new crew.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>At least one. The n-th gets the version <see cref="ExpectedVersion"/> + n.</summary>
    public required IReadOnlyList<NewEvent> Events { get; init; }

    /// <summary>Bodies that the events refer to; one that the journal holds already is left as it is.</summary>
    public IReadOnlyList<Body> Bodies { get; init; } = [];

    /// <summary>Rows to insert or replace. A session whose address another session has refuses the commit.</summary>
    public IReadOnlyList<SessionRow> Sessions { get; init; } = [];

    public IReadOnlyList<TaskRow> Tasks { get; init; } = [];

    public IReadOnlyList<NoticeRow> Notices { get; init; } = [];

    public IReadOnlyList<WakeRow> Wakes { get; init; } = [];

    /// <summary>Obligations to insert or replace, by their key.</summary>
    public IReadOnlyList<Obligation> Owed { get; init; } = [];

    public IReadOnlyList<ObligationKey> Settled { get; init; } = [];

    /// <summary>Slots taken and given back.</summary>
    public IReadOnlyList<Slot> SlotsTaken { get; init; } = [];

    public IReadOnlyList<Slot> SlotsFreed { get; init; } = [];

    /// <summary>Lanes that must not hold more than their limit after this commit; otherwise it is refused.</summary>
    public IReadOnlyList<LaneGuard> Guards { get; init; } = [];

    /// <summary>Replaces the crew's snapshot, valid at the version after this commit; null to keep the present one. Never empty.</summary>
    public ReadOnlyMemory<byte>? Snapshot { get; init; }
}

/// <summary>An event on its way into the journal.</summary>
/// <param name="Type">The stable name.</param>
/// <param name="Data">JSON in UTF-8.</param>
public sealed record NewEvent(string Type, ReadOnlyMemory<byte> Data, DateTimeOffset At);

/// <summary>An attempt holds one slot of a lane.</summary>
public sealed record Slot(string Lane, TaskId Task, int Attempt);

/// <param name="Limit">How many slots the lane may hold.</param>
public sealed record LaneGuard(string Lane, int Limit);

/// <summary>What became of a commit.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <param name="LastPosition">The position of the commit's last event.</param>
    public sealed record Committed(long LastPosition) : CommitResult;

    /// <summary>The crew has another version: somebody else wrote. Load it and decide again.</summary>
    public sealed record VersionConflict(long ActualVersion) : CommitResult;

    /// <summary>The lane has no free slot.</summary>
    public sealed record LaneFull(string Lane) : CommitResult;

    /// <summary>Another session has this address.</summary>
    public sealed record AddressTaken(Address Address, SessionId By) : CommitResult;

    /// <summary>The session has delegated under this idempotency key before.</summary>
    public sealed record KeyTaken(SessionId From, string Key, TaskId By) : CommitResult;
}
