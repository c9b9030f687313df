using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What the node reads.</summary>
public abstract partial class SimJournal
{
    public abstract ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken);

    public abstract ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken);

    public abstract ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken);

    public abstract ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken);

    public abstract ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken);

    public abstract ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken);

    public abstract ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken);

    public abstract ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<WakeRow>> WakesAsync(
        SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken);
}
