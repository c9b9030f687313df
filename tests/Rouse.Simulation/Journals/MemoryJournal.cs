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

    protected override CommitResult Take(Commit commit) => Refusal(commit) ?? Write(commit);

    private CommitResult? Refusal(Commit commit)
    {
        var version = VersionOf(commit.Crew);
        return version != commit.ExpectedVersion
            ? new CommitResult.VersionConflict(version)
            : TakenAddress(commit.Sessions) ?? TakenKey(commit.Tasks) ?? FullLane(commit);
    }

    private CommitResult? TakenAddress(IReadOnlyList<SessionRow> sessions)
    {
        for (var i = 0; i < sessions.Count; i++)
        {
            var (address, by) = (sessions[i].Address, sessions[i].Id);
            if (_addresses.TryGetValue(address, out var holder) && holder != by)
            {
                return new CommitResult.AddressTaken(address, holder);
            }

            for (var earlier = 0; earlier < i; earlier++)
            {
                if (sessions[earlier].Address == address && sessions[earlier].Id != by)
                {
                    return new CommitResult.AddressTaken(address, sessions[earlier].Id);
                }
            }
        }

        return null;
    }

    private CommitResult? TakenKey(IReadOnlyList<TaskRow> tasks)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i] is not { Key: { } key, From: var from, Id: var by })
            {
                continue;
            }

            if (_keys.TryGetValue((from, key), out var holder) && holder != by)
            {
                return new CommitResult.KeyTaken(from, key, holder);
            }

            for (var earlier = 0; earlier < i; earlier++)
            {
                if (tasks[earlier].Key == key && tasks[earlier].From == from && tasks[earlier].Id != by)
                {
                    return new CommitResult.KeyTaken(from, key, tasks[earlier].Id);
                }
            }
        }

        return null;
    }

    private CommitResult.LaneFull? FullLane(Commit commit)
    {
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
            (stream.Snapshot, stream.SnapshotVersion) = (snapshot.ToArray(), stream.Events.Count);
        }

        return new CommitResult.Committed(_events.Count);
    }

    /// <summary>What a row was created with stays: only what a replacement may change is taken from it.</summary>
    private void WriteRows(Commit commit)
    {
        foreach (var session in commit.Sessions)
        {
            if (_sessions.Find(session.Id) is { } before && before.Address != session.Address)
            {
                _addresses.Remove(before.Address);
            }

            _sessions.Put(session.Id, session.Id.Crew, session with { Data = session.Data.ToArray() });
            _addresses[session.Address] = session.Id;
        }

        foreach (var task in commit.Tasks)
        {
            var before = _tasks.Find(task.Id);
            if (before is null && task.Key is { } key)
            {
                _keys[(task.From, key)] = task.Id;
            }

            _tasks.Put(task.Id, task.Id.Crew, (before ?? task) with { Status = task.Status, Data = task.Data.ToArray() });
        }

        foreach (var notice in commit.Notices)
        {
            _notices.Put(notice.Id, notice.Session, (_notices.Find(notice.Id) ?? notice) with { Owed = notice.Owed, Data = notice.Data.ToArray() });
        }

        foreach (var wake in commit.Wakes)
        {
            _wakes.Put(wake.Id, wake.Session, (_wakes.Find(wake.Id) ?? wake) with { Phase = wake.Phase, Data = wake.Data.ToArray() });
        }
    }

    private void WriteOwed(Commit commit, Stream stream)
    {
        foreach (var key in commit.Settled)
        {
            stream.Owed.Remove(key);
        }

        // One that is owed already keeps its place among those that are due at the same time.
        foreach (var owed in commit.Owed)
        {
            stream.Owed[owed.Key] = (stream.Owed.TryGetValue(owed.Key, out var before) ? before.Order : ++_order, owed);
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
