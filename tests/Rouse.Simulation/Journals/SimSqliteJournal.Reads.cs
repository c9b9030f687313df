using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

public sealed partial class SimSqliteJournal
{
    public override ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.LoadAsync(crew, cancellationToken)));

    public override ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.ReadAsync(after, most, cancellationToken)));

    public override ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.PositionsAsync(cancellationToken)));

    public override ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.ObligationsAsync(after, most, cancellationToken)));

    public override ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.SlotsAsync(cancellationToken)));

    public override ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.ReadBodyAsync(hash, cancellationToken)));

    public override ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.FindSessionAsync(session, cancellationToken)));

    public override ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.FindSessionAsync(address, cancellationToken)));

    public override ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.SessionsAsync(after, most, cancellationToken)));

    public override ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.FindTaskAsync(task, cancellationToken)));

    public override ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.FindTaskAsync(from, key, cancellationToken)));

    public override ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.TasksAsync(query, cancellationToken)));

    public override ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.NoticesAsync(session, cancellationToken)));

    public override ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.FindWakeAsync(wake, cancellationToken)));

    public override ValueTask<IReadOnlyList<WakeRow>> WakesAsync(
        SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => Now(_journal.WakesAsync(session, deadLettered, after, most, cancellationToken)));
}
