using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A journal in memory with the rules of a real one: versions fence writers, lanes, addresses and keys are guarded, and all of a commit or
/// none of it happens. It outlives the nodes that use it, as a disk does.
/// </summary>
public sealed partial class MemoryJournal(SimScheduler time) : IJournal
{
    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<CrewId, Stream> _streams = [];
    private readonly Dictionary<(CrewId, ObligationKey), (long Order, Obligation Obligation)> _obligations = [];
    private readonly HashSet<Slot> _slots = [];
    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly Dictionary<SessionId, SessionRow> _sessions = [];
    private readonly Dictionary<Address, SessionId> _addresses = [];
    private readonly Dictionary<TaskId, TaskRow> _tasks = [];
    private readonly Dictionary<(SessionId, string), TaskId> _keys = [];
    private readonly Dictionary<NoticeId, NoticeRow> _notices = [];
    private readonly Dictionary<WakeId, WakeRow> _wakes = [];
    private readonly Dictionary<object, long> _created = [];
    private long _order;

    public JournalFaults Faults { get; } = new();

    /// <summary>How long a commit takes.</summary>
    public TimeSpan CommitTime { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>All that was committed, in order.</summary>
    public List<Commit> Commits { get; } = [];

    /// <summary>Told of every commit that begins.</summary>
    public event Action<Commit>? OnCommitting;

    /// <summary>Told of every commit that happened.</summary>
    public event Action<Commit>? OnCommitted;

    public async ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        OnCommitting?.Invoke(commit);
        await Task.Delay(CommitTime, time, CancellationToken.None);
        var fault = Faults.Of(commit);
        if (fault == CommitFault.FailsBefore)
        {
            throw new JournalUnavailableException("the disk is full: nothing was written");
        }

        var result = Check(commit) ?? Write(commit);
        if (result is CommitResult.Committed)
        {
            OnCommitted?.Invoke(commit);
        }

        return fault == CommitFault.LosesAcknowledgement
            ? throw new JournalUnavailableException("the connection was lost: nobody knows whether it was written")
            : result;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private CommitResult? Check(Commit commit)
    {
        var version = _streams.GetValueOrDefault(commit.Crew)?.Version ?? 0;
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

        var slots = _slots.Except(commit.SlotsFreed).Union(commit.SlotsTaken).ToList();
        return commit.Guards.FirstOrDefault(g => slots.Count(s => s.Lane == g.Lane) > g.Limit) is { } full ? new CommitResult.LaneFull(full.Lane) : null;
    }

    private CommitResult.Committed Write(Commit commit)
    {
        var stream = _streams.TryGetValue(commit.Crew, out var known) ? known : _streams[commit.Crew] = new Stream();
        foreach (var e in commit.Events)
        {
            var stored = new StoredEvent(_events.Count + 1, commit.Crew, ++stream.Version, e.Type, e.Data.ToArray(), e.At);
            _events.Add(stored);
            stream.Events.Add(stored);
        }

        foreach (var body in commit.Bodies)
        {
            _bodies.TryAdd(body.Ref.Hash, body.Text);
        }

        foreach (var session in commit.Sessions)
        {
            _sessions[Created(session.Id)] = session;
            _addresses[session.Address] = session.Id;
        }

        foreach (var task in commit.Tasks)
        {
            _tasks[Created(task.Id)] = task;
            if (task.Key is { } key)
            {
                _keys[(task.From, key)] = task.Id;
            }
        }

        foreach (var notice in commit.Notices)
        {
            _notices[Created(notice.Id)] = notice;
        }

        foreach (var wake in commit.Wakes)
        {
            _wakes[Created(wake.Id)] = wake;
        }

        foreach (var key in commit.Settled)
        {
            _obligations.Remove((commit.Crew, key));
        }

        foreach (var owed in commit.Owed)
        {
            _obligations[(commit.Crew, owed.Key)] = (++_order, owed);
        }

        _slots.ExceptWith(commit.SlotsFreed);
        _slots.UnionWith(commit.SlotsTaken);
        if (commit.Snapshot is { } snapshot)
        {
            ArgumentOutOfRangeException.ThrowIfZero(snapshot.Length, nameof(commit));
            (stream.Snapshot, stream.SnapshotVersion) = (snapshot.ToArray(), stream.Version);
        }

        Commits.Add(commit);
        return new CommitResult.Committed(_events.Count);
    }

    /// <summary>Remembers the order of creation, which lists follow.</summary>
    private T Created<T>(T id)
        where T : notnull
    {
        _created.TryAdd(id, ++_order);
        return id;
    }

    private sealed class Stream
    {
        public long Version { get; set; }

        public List<StoredEvent> Events { get; } = [];

        public byte[]? Snapshot { get; set; }

        public long SnapshotVersion { get; set; }
    }
}
