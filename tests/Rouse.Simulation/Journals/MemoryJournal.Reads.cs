using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

public sealed partial class MemoryJournal
{
    public override IReadOnlyList<(CrewId Crew, Obligation Obligation)> Owed =>
        _owed ??= [.. AllOwed().OrderBy(o => o.Order).Select(o => (o.Crew, o.Obligation))];

    public override IReadOnlyCollection<Slot> Slots => _slots;

    public override IEnumerable<StoredEvent> Events => _events;

    public override IEnumerable<CrewId> Crews => _streams.Keys;

    public override IEnumerable<Obligation> OwedBy(CrewId crew) => _streams.GetValueOrDefault(crew)?.Owed.Values.Select(o => o.Obligation) ?? [];

    public override IEnumerable<StoredEvent> EventsOf(CrewId crew) => _streams[crew].Events;

    public override string Body(BodyRef body) => _bodies[body.Hash];

    public override ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken) => ReadAsync(() =>
        _streams.GetValueOrDefault(crew) is { } s
            ? new StoredCrew(
                crew, s.SnapshotVersion, s.Snapshot is { } snapshot ? new ReadOnlyMemory<byte>?(snapshot) : null,
                s.Events.GetRange(s.SnapshotVersion, s.Events.Count - s.SnapshotVersion))
            : null);

    public override ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredEvent>>(() =>
        {
            // The position of an event is its place in the list, from 1.
            var from = (int)Math.Clamp(after, 0, _events.Count);
            return _events.GetRange(from, Math.Clamp(most, 0, _events.Count - from));
        });

    public override ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken) =>
        ReadAsync<(long, long)>(() => _events.Count == 0 ? (0, 0) : (1, _events.Count));

    public override ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var from = after is null ? (Due: long.MinValue, Order: long.MinValue) : Parse(after);
        return ReadAsync<IReadOnlyList<StoredObligation>>(() =>
        [
            .. AllOwed().Select(o => (o.Crew, o.Obligation, Place: (Due: o.Obligation.Due.UtcTicks, o.Order)))
                .Where(o => o.Place.CompareTo(from) > 0).OrderBy(o => o.Place).Take(most)
                .Select(o => new StoredObligation(string.Create(CultureInfo.InvariantCulture, $"{o.Place.Due}:{o.Place.Order}"), o.Crew, o.Obligation)),
        ]);
    }

    public override ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<Slot>>(() => [.. _slots]);

    public override ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken) => ReadAsync(() => _bodies.GetValueOrDefault(hash));

    public override ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) => ReadAsync(() => _sessions.Find(session));

    public override ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken) =>
        ReadAsync(() => _addresses.TryGetValue(address, out var id) ? _sessions.Find(id) : null);

    public override ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => _sessions.Page(owner: null, after is null ? null : SessionId.Parse(after), most));

    public override ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) => ReadAsync(() => _tasks.Find(task));

    public override ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken) =>
        ReadAsync(() => _keys.TryGetValue((from, key), out var id) ? _tasks.Find(id) : null);

    public override ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) => ReadAsync(() => _tasks.Page(
        query.Crew ?? query.Session?.Crew, query.After, query.Most,
        t => (query.Session is null || t.From == query.Session) && (query.Statuses is null || query.Statuses.Contains(t.Status))));

    public override ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<NoticeRow>>(() => [.. _notices.Page(session, after: null, int.MaxValue).OrderBy(n => n.Id.Number)]);

    public override ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) => ReadAsync(() => _wakes.Find(wake));

    public override ValueTask<IReadOnlyList<WakeRow>> WakesAsync(
        SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => _wakes.Page(
            session, after is null ? null : WakeId.Parse(after), most, w => deadLettered is null || w.Phase == WakePhase.DeadLettered == deadLettered));

    private IEnumerable<(CrewId Crew, long Order, Obligation Obligation)> AllOwed() =>
        _streams.SelectMany(s => s.Value.Owed.Values.Select(o => (s.Key, o.Order, o.Obligation)));

    private static (long Due, long Order) Parse(string cursor) =>
        cursor.Split(':') is [var due, var order]
        && long.TryParse(due, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
        && long.TryParse(order, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (time, number)
            : throw new ArgumentException($"'{cursor}' is no cursor of a list of obligations.", nameof(cursor));
}
