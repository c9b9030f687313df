using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// Sends to a harness that keeps no keys, of which nobody can know in the end what became: the journal holds their claim and not yet what came of it. Read
/// from the events alone, when something strikes.
/// </summary>
internal sealed class SendsInDoubt
{
    private readonly World _world;
    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _noted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _arrived = new(StringComparer.Ordinal);
    private readonly Dictionary<WakeId, string> _wakeKeys = [];
    private readonly List<Commit> _underWay = [];
    private (int Commit, bool IsWritten) _noteAt;
    private Commit? _noteWhenWritten;

    public SendsInDoubt(World world)
    {
        _world = world;
        if (world.Harness.Grade.Delivery == DeliveryGrade.AtMostOnce)
        {
            world.Journal.OnCommitting += Committing;
            world.Journal.OnCommitted += Committed;
            world.Harness.OnStored += stored => _ = stored.Message.Key is { } key && _arrived.Add(key);
        }
    }

    /// <summary>The keys of those that were in doubt when something struck.</summary>
    public IReadOnlyList<string> Keys => [.. _noted];

    /// <summary>Whether it entered a history, which only the world knows.</summary>
    public bool HasArrived(string key) => _arrived.Contains(key);

    /// <summary>Something strikes now. A commit that was handed over may yet happen.</summary>
    public void Note()
    {
        _noted.UnionWith(_claimed);
        foreach (var claim in _underWay.SelectMany(c => c.Events).Select(Decoded).SelectMany(ClaimedBy))
        {
            _noted.Add(claim);
        }
    }

    /// <summary>This one is struck now.</summary>
    public void Note(string key)
    {
        if (_claimed.Contains(key))
        {
            _noted.Add(key);
        }
    }

    /// <summary>The writer of this commit, counted from 1 in the order in which they are tried, will not be told that it was written, or that it was not.</summary>
    public void NoteAtCommit(int commit, bool isWritten) => _noteAt = (commit, isWritten);

    private void Committing(Commit commit)
    {
        if (_world.Journal.Faults.Commits + 1 == _noteAt.Commit)
        {
            _noted.UnionWith(_noteAt.IsWritten ? [] : _claimed);
            _noteWhenWritten = _noteAt.IsWritten ? commit : null;
        }

        _underWay.Add(commit);
    }

    private void Committed(Commit commit)
    {
        _underWay.Remove(commit);
        foreach (var e in commit.Events.Select(Decoded))
        {
            if (e is WakeDue due)
            {
                _wakeKeys[due.Wake] = due.Key;
            }

            _claimed.UnionWith(ClaimedBy(e));
            _claimed.ExceptWith(SettledBy(e));
        }

        if (commit == _noteWhenWritten)
        {
            _noted.UnionWith(_claimed);
        }
    }

    private static Event Decoded(NewEvent e) => EventCodec.Decode(e.Type, e.Data.Span);

    private IEnumerable<string> ClaimedBy(Event e) => e switch
    {
        PromptDispatched x => [Crew.AttemptKey(x.Task, x.Attempt)],
        WakeLeased x => [_wakeKeys[x.Wake]],
        WakeNudged x => [NudgeKey(x.Wake)],
        _ => [],
    };

    private IEnumerable<string> SettledBy(Event e) => e switch
    {
        PromptWithdrawn x => [Crew.AttemptKey(x.Task, x.Attempt)],
        PromptAdmitted x => [Crew.AttemptKey(x.Task, x.Attempt)],
        WakeReleased x => [_wakeKeys[x.Wake]],
        WakeAdmitted x => [_wakeKeys[x.Wake]],
        WakeNudgeWithdrawn x => [NudgeKey(x.Wake)],
        WakeConsumed x => [NudgeKey(x.Wake)],
        WakeDeadLettered x => [_wakeKeys[x.Wake], NudgeKey(x.Wake)],
        _ => [],
    };

    private string NudgeKey(WakeId wake) => _wakeKeys[wake] + "n";
}
