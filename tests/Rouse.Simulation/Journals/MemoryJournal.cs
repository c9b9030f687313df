using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A journal in memory with the real rules of a commit: all of it or nothing, refused by version, address, key and lanes exactly as a store does.
/// </summary>
public sealed partial class MemoryJournal(TimeProvider time) : SimJournal(time)
{
    private readonly List<StoredEvent> _events = [];
    private readonly SortedDictionary<CrewId, Stream> _streams = new(Comparer<CrewId>.Create((a, b) => string.CompareOrdinal(a.Stem, b.Stem)));
    private readonly HashSet<Slot> _slots = [];
    private readonly Dictionary<string, int> _slotsOfLane = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly RowTable<SessionId, CrewId, SessionRow> _sessions = new();
    private readonly Dictionary<Address, SessionId> _addresses = [];
    private readonly RowTable<TaskId, CrewId, TaskRow> _tasks = new();
    private readonly Dictionary<(SessionId, string), TaskId> _keys = [];
    private readonly RowTable<NoticeId, SessionId, NoticeRow> _notices = new();
    private readonly RowTable<WakeId, SessionId, WakeRow> _wakes = new();
    private IReadOnlyList<(CrewId Crew, Obligation Obligation)>? _owed;
    private long _order;

    protected override long VersionOf(CrewId crew) => _streams.GetValueOrDefault(crew)?.Events.Count ?? 0;

    protected override CommitResult Take(Commit commit) => Check(commit) ?? Write(commit);

    private CommitResult? Check(Commit commit)
    {
        var version = VersionOf(commit.Crew);
        if (version != commit.ExpectedVersion)
        {
            return new CommitResult.VersionConflict(version);
        }

        if (commit.Events.Count == 0)
        {
            throw new ArgumentException("A commit has at least one event.", nameof(commit));
        }

        foreach (var session in commit.Sessions)
        {
            if (_addresses.TryGetValue(session.Address, out var other) && other != session.Id)
            {
                return new CommitResult.AddressTaken(session.Address, other);
            }
        }

        foreach (var task in commit.Tasks)
        {
            if (task.Key is { } key && _keys.TryGetValue((task.From, key), out var other) && other != task.Id)
            {
                return new CommitResult.KeyTaken(task.From, key, other);
            }
        }

        foreach (var guard in commit.Guards)
        {
            if (Held(guard.Lane, commit) > guard.Limit)
            {
                return new CommitResult.LaneFull(guard.Lane);
            }
        }

        return null;
    }

    /// <summary>The slots of a lane that would be held after the commit.</summary>
    private int Held(string lane, Commit commit)
    {
        var freed = commit.SlotsFreed.Where(s => s.Lane == lane && _slots.Contains(s)).ToHashSet();
        var taken = commit.SlotsTaken.Where(s => s.Lane == lane && (!_slots.Contains(s) || freed.Contains(s))).Distinct().Count();
        return _slotsOfLane.GetValueOrDefault(lane) - freed.Count + taken;
    }

    private CommitResult.Committed Write(Commit commit)
    {
        var stream = _streams.TryGetValue(commit.Crew, out var known) ? known : _streams[commit.Crew] = new Stream();
        foreach (var e in commit.Events)
        {
            var stored = new StoredEvent(_events.Count + 1, commit.Crew, stream.Events.Count + 1, e.Type, e.Data.ToArray(), e.At);
            _events.Add(stored);
            stream.Events.Add(stored);
        }

        foreach (var body in commit.Bodies)
        {
            _bodies.TryAdd(body.Ref.Hash, body.Text);
        }

        WriteRows(commit);
        WriteOwed(commit, stream);
        WriteSlots(commit);
        if (commit.Snapshot is { } snapshot)
        {
            ArgumentOutOfRangeException.ThrowIfZero(snapshot.Length, nameof(commit));
            (stream.Snapshot, stream.SnapshotVersion) = (snapshot.ToArray(), stream.Events.Count);
        }

        return new CommitResult.Committed(_events.Count);
    }

    private void WriteRows(Commit commit)
    {
        foreach (var session in commit.Sessions)
        {
            _sessions.Put(session.Id, session.Id.Crew, session);
            _addresses[session.Address] = session.Id;
        }

        foreach (var task in commit.Tasks)
        {
            _tasks.Put(task.Id, task.Id.Crew, task);
            if (task.Key is { } key)
            {
                _keys[(task.From, key)] = task.Id;
            }
        }

        foreach (var notice in commit.Notices)
        {
            _notices.Put(notice.Id, notice.Session, notice);
        }

        foreach (var wake in commit.Wakes)
        {
            _wakes.Put(wake.Id, wake.Session, wake);
        }
    }

    private void WriteOwed(Commit commit, Stream stream)
    {
        foreach (var key in commit.Settled)
        {
            stream.Owed.Remove(key);
        }

        foreach (var owed in commit.Owed)
        {
            stream.Owed[owed.Key] = (++_order, owed);
        }

        _owed = null;
    }

    private void WriteSlots(Commit commit)
    {
        foreach (var slot in commit.SlotsFreed)
        {
            if (_slots.Remove(slot))
            {
                _slotsOfLane[slot.Lane]--;
            }
        }

        foreach (var slot in commit.SlotsTaken)
        {
            if (_slots.Add(slot))
            {
                _slotsOfLane[slot.Lane] = _slotsOfLane.GetValueOrDefault(slot.Lane) + 1;
            }
        }
    }

    private sealed class Stream
    {
        public List<StoredEvent> Events { get; } = [];

        public Dictionary<ObligationKey, (long Order, Obligation Obligation)> Owed { get; } = [];

        public byte[]? Snapshot { get; set; }

        public int SnapshotVersion { get; set; }
    }
}
