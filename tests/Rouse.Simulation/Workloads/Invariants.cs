using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What must hold of a world: some of it after every commit, all of it when everything is quiet.</summary>
public sealed class Invariants
{
    private readonly World _world;
    private readonly Dictionary<CrewId, Crew> _crews = [];
    private readonly HashSet<TaskId> _settled = [];

    public Invariants(World world)
    {
        _world = world;
        world.Journal.OnCommitted += AfterCommit;
    }

    /// <summary>Tasks whose handle was returned.</summary>
    public HashSet<TaskId> Acknowledged { get; } = [];

    /// <summary>When faults have stopped and nothing is owed.</summary>
    public void AtTheEnd()
    {
        foreach (var crew in _crews.Values)
        {
            Require(crew.Tasks.Values.All(t => t.IsSettled), $"every task of {crew.Id} is settled");
            foreach (var task in crew.Tasks.Values)
            {
                Require(crew.Notices.Values.Count(n => n.Task == task.Id && n.Kind == NoticeKind.Settled) == 1, $"{task.Id} has one settled notice");
            }

            foreach (var notice in crew.Notices.Values.Where(n => n.IsOwed))
            {
                Require(!notice.Wakes && notice.State == NoticeState.Waiting && crew.CanRead(notice.Session), $"{notice.Id} was told, or rides along with the next wake of a living session");
            }
        }

        Require(Acknowledged.All(t => _crews[t.Crew].Find(t) is not null), "every acknowledged task is there");
        Require(_world.Journal.Slots.Count == 0, "no slot is held");
        foreach (var harness in _world.Harnesses.Values)
        {
            foreach (var session in harness.Sessions)
            {
                Require(!session.Working || session.Spec is null, $"{session.Address} is not at work");
                foreach (var key in session.Messages.Where(m => m.Key is not null).GroupBy(m => m.Key!))
                {
                    Require(key.Count() == 1, $"{key.Key} entered {session.Address} once");
                }
            }

            foreach (var (key, runs) in harness.Runs)
            {
                Require(runs == 1, $"{key} was run once and not {runs} times");
            }
        }
    }

    private void AfterCommit(Commit commit)
    {
        var crew = _crews.GetValueOrDefault(commit.Crew) ?? Crew.New(commit.Crew);
        foreach (var e in commit.Events)
        {
            var decoded = EventCodec.Decode(e.Type, e.Data.Span);
            crew = crew.Apply(decoded, e.At);
            Require(decoded is not TaskSettled settled || _settled.Add(settled.Task), "a task is settled once");
        }

        _crews[commit.Crew] = crew;
        OwesWhatTheJournalHolds(crew);
        foreach (var wakes in crew.Wakes.Values.Where(w => w.InFlight).GroupBy(w => w.Session))
        {
            Require(wakes.Count() == 1, $"one wake is in flight into {wakes.Key}");
        }

        foreach (var lane in _world.Journal.Slots.GroupBy(s => s.Lane))
        {
            Require(_world.Options.Lanes.LimitOf(lane.Key) is not { } limit || lane.Count() <= limit, $"the lane {lane.Key} holds its limit");
        }
    }

    private void OwesWhatTheJournalHolds(Crew crew)
    {
        var owes = crew.Owes().ToDictionary(o => o.Key);
        var held = _world.Journal.OwedBy(crew.Id).ToDictionary(o => o.Key);
        Require(owes.Count == held.Count && owes.All(o => held.TryGetValue(o.Key, out var same) && same.Equals(o.Value)),
            $"the journal holds what {crew.Id} owes: {string.Join(", ", owes.Keys)} and not {string.Join(", ", held.Keys)}");
        Require(crew.Tasks.Values.All(t => t.IsSettled || owes.Keys.Any(k => k.Subject == t.Id.Number && k.Kind is ObligationKind.Queue or ObligationKind.Start or ObligationKind.Supervise)),
            "every open task is owed something");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new SimulationException($"it does not hold that {what}");
        }
    }
}
