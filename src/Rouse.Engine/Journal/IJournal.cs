using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// The durable store: events, the projections that queries read, obligations, bodies and slots, changed together in one transaction.
/// </summary>
/// <remarks>
/// <para>Implementations are thread-safe. Every member may throw <see cref="JournalUnavailableException"/> when the store cannot be used
/// (disk full, connection lost, file corrupt); then nothing of the call has happened, or, for a commit, it is not known whether it has.</para>
/// <para>A commit that breaks <see cref="CommitRules"/> and a cursor that was never given are mistakes of the caller and throw. A page after
/// something that the journal does not hold is empty.</para>
/// <para>The contract suite in <c>tests/Rouse.Conformance</c> says in code what every implementation must hold.</para>
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>
    /// Writes all of a commit or none of it, durably before it returns <see cref="CommitResult.Committed"/>. Commits of different crews that
    /// wait at the same time may share one transaction; a refused one leaves the others untouched.
    /// </summary>
    ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken);

    /// <summary>The newest snapshot of a crew and the events after it; null when the crew has no events.</summary>
    ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken);

    /// <summary>Events of all crews with a position above <paramref name="after"/>, in order of position, at most <paramref name="most"/>.</summary>
    ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken);

    /// <summary>The first and last position that are kept; (0, 0) when there is none.</summary>
    ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All that is owed, earliest first and among equals what has been owed for longest, in pages by <paramref name="after"/> (null: from the
    /// start). A cursor outlives its obligation.
    /// </summary>
    ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken);

    /// <summary>Which attempts hold slots.</summary>
    ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken);

    /// <summary>A text by its reference; null when the journal does not hold it.</summary>
    ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken);

    ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken);

    ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken);

    ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>The task that a session delegated under an idempotency key.</summary>
    ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken);

    /// <summary>Tasks in the order of their creation, oldest first.</summary>
    ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>The notices of a session in mailbox order.</summary>
    ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken);

    ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken);

    /// <summary>Wakes in the order of their creation; <paramref name="session"/> and <paramref name="deadLettered"/> narrow the list.</summary>
    ValueTask<IReadOnlyList<WakeRow>> WakesAsync(SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken);
}
