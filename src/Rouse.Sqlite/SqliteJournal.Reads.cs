using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

public sealed partial class SqliteJournal
{
    /// <inheritdoc/>
    public ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken) =>
        Read(connection => CrewQueries.Load(connection, crew), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<StoredEvent>>(connection => CrewQueries.Events(connection, after, Size(most)), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken) =>
        Read(CrewQueries.Positions, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var cursor = after is null ? ObligationCursor.Start : ObligationCursor.Parse(after);
        return Read<IReadOnlyList<StoredObligation>>(connection => ObligationQueries.List(connection, cursor, Size(most)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Slot>>(SlotQueries.List, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken) =>
        Read(connection => BodyQueries.Find(connection, hash), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) =>
        Read(connection => SessionQueries.Find(connection, session), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken) =>
        Read(connection => SessionQueries.Find(connection, address), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var last = after is null ? (SessionId?)null : SessionId.Parse(after);
        return Read<IReadOnlyList<SessionRow>>(connection => SessionQueries.List(connection, last, Size(most)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) =>
        Read(connection => TaskQueries.Find(connection, task), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken) =>
        Read(connection => TaskQueries.Find(connection, from, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<TaskRow>>(connection => TaskQueries.List(connection, query with { Most = Size(query.Most) }), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<NoticeRow>>(connection => NoticeQueries.List(connection, session), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) =>
        Read(connection => WakeQueries.Find(connection, wake), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<WakeRow>> WakesAsync(
        SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken)
    {
        var last = after is null ? (WakeId?)null : WakeId.Parse(after);
        return Read<IReadOnlyList<WakeRow>>(
            connection => WakeQueries.List(connection, session, deadLettered, last, Size(most)), cancellationToken);
    }

    // A negative limit would mean "all" to SQLite.
    private static int Size(int most) => Math.Max(0, most);
}
