using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

public sealed partial class MemoryJournal
{
    public ValueTask<StoredCrew?> LoadAsync(CrewId crew, CancellationToken cancellationToken) => ReadAsync(() =>
        _streams.GetValueOrDefault(crew) is { } s
            ? new StoredCrew(crew, s.SnapshotVersion, s.Snapshot is { } snapshot ? new ReadOnlyMemory<byte>?(snapshot) : null, [.. s.Events.Where(e => e.Version > s.SnapshotVersion)])
            : null);

    public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(long after, int most, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredEvent>>(() => [.. _events.Skip((int)after).Take(most)]);

    public ValueTask<(long First, long Last)> PositionsAsync(CancellationToken cancellationToken) =>
        ReadAsync<(long, long)>(() => _events.Count == 0 ? (0, 0) : (1, _events.Count));

    public ValueTask<IReadOnlyList<StoredObligation>> ObligationsAsync(string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredObligation>>(() =>
        {
            var from = after is null ? (Due: long.MinValue, Order: long.MinValue) : Parse(after);
            return
            [
                .. _obligations.Select(o => (Crew: o.Key.Item1, o.Value.Obligation, Place: (Due: o.Value.Obligation.Due.UtcTicks, o.Value.Order)))
                    .Where(o => o.Place.CompareTo(from) > 0).OrderBy(o => o.Place).Take(most)
                    .Select(o => new StoredObligation(string.Create(CultureInfo.InvariantCulture, $"{o.Place.Due}:{o.Place.Order}"), o.Crew, o.Obligation)),
            ];
        });

    public ValueTask<IReadOnlyList<Slot>> SlotsAsync(CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<Slot>>(() => [.. _slots]);

    public ValueTask<string?> ReadBodyAsync(string hash, CancellationToken cancellationToken) => ReadAsync(() => _bodies.GetValueOrDefault(hash));

    public ValueTask<SessionRow?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) =>
        ReadAsync(() => _sessions.GetValueOrDefault(session));

    public ValueTask<SessionRow?> FindSessionAsync(Address address, CancellationToken cancellationToken) =>
        ReadAsync(() => _addresses.TryGetValue(address, out var id) ? _sessions[id] : null);

    public ValueTask<IReadOnlyList<SessionRow>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => Page(_sessions.Values, r => r.Id, after is null ? null : SessionId.Parse(after), most));

    public ValueTask<TaskRow?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) => ReadAsync(() => _tasks.GetValueOrDefault(task));

    public ValueTask<TaskRow?> FindTaskAsync(SessionId from, string key, CancellationToken cancellationToken) =>
        ReadAsync(() => _keys.TryGetValue((from, key), out var id) ? _tasks[id] : null);

    public ValueTask<IReadOnlyList<TaskRow>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) => ReadAsync(() => Page(
        _tasks.Values.Where(t => (query.Session is null || t.From == query.Session) && (query.Crew is null || t.Id.Crew == query.Crew)
            && (query.Statuses is null || query.Statuses.Contains(t.Status))),
        r => r.Id, query.After, query.Most));

    public ValueTask<IReadOnlyList<NoticeRow>> NoticesAsync(SessionId session, CancellationToken cancellationToken) =>
        ReadAsync(() => Page(_notices.Values.Where(n => n.Session == session), r => r.Id, after: null, int.MaxValue));

    public ValueTask<WakeRow?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) => ReadAsync(() => _wakes.GetValueOrDefault(wake));

    public ValueTask<IReadOnlyList<WakeRow>> WakesAsync(SessionId? session, bool? deadLettered, string? after, int most, CancellationToken cancellationToken) =>
        ReadAsync(() => Page(
            _wakes.Values.Where(w => (session is null || w.Session == session) && (deadLettered is null || w.Phase == WakePhase.DeadLettered == deadLettered)),
            r => r.Id, after is null ? null : WakeId.Parse(after), most));

    /// <summary>All that is owed now.</summary>
    public IReadOnlyList<(CrewId Crew, Obligation Obligation)> Owed => [.. _obligations.OrderBy(o => o.Value.Order).Select(o => (o.Key.Item1, o.Value.Obligation))];

    public IEnumerable<Obligation> OwedBy(CrewId crew) => _obligations.Where(o => o.Key.Item1 == crew).Select(o => o.Value.Obligation);

    public IReadOnlyCollection<Slot> Slots => _slots;

    public IEnumerable<StoredEvent> Events => _events;

    public IEnumerable<CrewId> Crews => _streams.Keys.OrderBy(c => c.Stem, StringComparer.Ordinal);

    /// <summary>The whole state of a crew, from its first event on: nothing is forgotten in it.</summary>
    public Crew Replay(CrewId crew) =>
        _streams[crew].Events.Aggregate(Crew.New(crew), (c, e) => c.Apply(EventCodec.Decode(e.Type, e.Data.Span), e.At));

    public string Body(BodyRef body) => _bodies[body.Hash];

    /// <summary>A read gives others a turn before and after it, so that what it shows may be out of date when its reader goes on.</summary>
    private async ValueTask<T> ReadAsync<T>(Func<T> read)
    {
        await Task.Yield();
        if (Faults.Unreadable)
        {
            throw new JournalUnavailableException("the store cannot be read");
        }

        var result = read();
        await Task.Yield();
        return result;
    }

    private IReadOnlyList<TRow> Page<TRow, TId>(IEnumerable<TRow> rows, Func<TRow, TId> id, TId? after, int most)
        where TId : struct
    {
        var from = after is { } a ? _created.GetValueOrDefault(a) : 0;
        return [.. rows.Select(r => (Row: r, Place: _created[id(r)])).Where(r => r.Place > from).OrderBy(r => r.Place).Take(most).Select(r => r.Row)];
    }

    private static (long Due, long Order) Parse(string cursor)
    {
        var parts = cursor.Split(':');
        return (long.Parse(parts[0]), long.Parse(parts[1]));
    }
}
