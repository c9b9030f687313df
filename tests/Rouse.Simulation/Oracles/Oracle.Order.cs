using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>Who starts first.</summary>
public sealed partial class Oracle
{
    private static readonly TimeSpan Aging = TimeSpan.FromMinutes(10);

    /// <summary>So late what waits may be raised.</summary>
    private static readonly TimeSpan RaisedBy = TimeSpan.FromSeconds(61);

    /// <summary>What came this late may not have been there yet when the choice was made.</summary>
    private static readonly TimeSpan Choice = TimeSpan.FromSeconds(2);

    private readonly List<(BookedTask Passed, string Status, BookedTask By, DateTimeOffset At)> _passed = [];
    private readonly Dictionary<(string Lane, string Crew), DateTimeOffset> _freed = [];
    private readonly Dictionary<string, List<DateTimeOffset>> _starts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _resumed = new(StringComparer.Ordinal);

    /// <summary>Set where nothing comes between the choice and its commit, so that the order of starts is the order of choices.</summary>
    public bool ChecksOrder { get; init; }

    /// <summary>Set where every commit that is sent is answered: then the node knows which slots are held.</summary>
    public bool ChecksRefusals { get; init; }

    /// <summary>All that a commit starts holds its slots by now.</summary>
    private void NoteStarts(Commit commit)
    {
        if (commit.Events.Count(e => e.Type == "attempt.started") is > 0 and var count)
        {
            (_starts.GetValueOrDefault(commit.Crew.Stem) ?? (_starts[commit.Crew.Stem] = [])).AddRange(Enumerable.Repeat(_world.Now, count));
        }

        if (commit.Events.Any(e => e.Type == "task.resumed"))
        {
            _resumed[commit.Crew.Stem] = _world.Now;
        }
    }

    /// <summary>
    /// Among attempts that wait for the same (lanes and instance) a wake into a settling session comes first, then the higher level, which rises every
    /// ten minutes; then the crew with the fewest at work there; then, in one crew, the oldest.
    /// </summary>
    private void CheckOrder(BookedTask started)
    {
        if (!ChecksOrder)
        {
            return;
        }

        var justStarted = _starts[started.Crew].Count(at => _world.Now - at <= Choice); // it among them: chosen together, none of them counted for another
        var level = Level(started);
        foreach (var other in _books.Tasks.Values)
        {
            if (other == started || _world.Now - other.WaitsSince <= Choice || !Same(other.Current.Lanes, started.Current.Lanes))
            {
                continue;
            }

            var isMate = other.Crew == started.Crew;
            if (other.Status == "settling" && WaitsForSlots(other))
            {
                _passed.Add((other, other.Status, started, _world.Now));
            }

            if (other.Status != "queued" || other.Instance != started.Instance)
            {
                continue;
            }

            if (isMate && (Level(other, late: RaisedBy) > level || (Level(other, late: RaisedBy) == level && other.Current.QueuedAt < started.Current.QueuedAt)))
            {
                Break(Rule.Lanes, $"{started.Id} (level {level}) starts, and {other.Id} (level {Level(other)}), which has waited longer, waits for the same");
            }

            if (!isMate && Level(other, late: RaisedBy) >= level && RunningBeside(other) < RunningBeside(started) - justStarted && !HasJustFreed(other))
            {
                _passed.Add((other, other.Status, started, _world.Now));
            }
        }
    }

    /// <summary>One that was passed over by another crew may have been chosen before it, and wait for what its own crew commits: then it starts now.</summary>
    private void CheckPassed()
    {
        _passed.RemoveAll(p => p.Passed.Status != p.Status || (p.Status == "settling" ? !WaitsForSlots(p.Passed) : HasStartedSince(p.Passed.Crew, p.At)));
        if (_passed.Find(p => _world.Now - p.At > Choice) is { Passed: { } passed, By: var by, Status: var status })
        {
            Break(Rule.Lanes, $"{by.Id} was started before {passed.Id}, {(status == "settling" ? "into which a wake waits for the same" : "whose crew has less at work")}");
        }
    }

    /// <summary>What else was chosen of a crew counts as at work before its start is committed, and what is to go on likewise.</summary>
    private bool HasStartedSince(string crew, DateTimeOffset at) =>
        (_starts.GetValueOrDefault(crew)?.Exists(start => start >= at) ?? false) || (_resumed.TryGetValue(crew, out var resumed) && resumed >= at);

    /// <summary>A due wake is to enter its session, and must take the slots first.</summary>
    private bool WaitsForSlots(BookedTask task) =>
        task.Current.Session!.Wakes.Find(w => w is { Phase: "due", IsTimed: true }) is { } wake && _world.Now - wake.DueSince > Choice;

    /// <summary>How many of its crew hold slots on its lanes, where they hold most.</summary>
    private int RunningBeside(BookedTask task) => task.Current.Lanes.Max(l => _books.HeldBy(l, task.Crew));

    private bool HasJustFreed(BookedTask task) =>
        task.Current.Lanes.Any(l => _freed.TryGetValue((l, task.Crew), out var at) && _world.Now - at <= Choice);

    private void CheckRefused(Commit commit, CommitResult refused)
    {
        if (ChecksRefusals && refused is CommitResult.LaneFull full)
        {
            Break(Rule.Lanes, $"a start of {commit.Crew} was chosen, and the lane {full.Lane} is full");
        }
    }

    private int Level(BookedTask task, TimeSpan late = default) =>
        task.Priority + (int)(TimeSpan.FromTicks(Math.Max(0, (_world.Now - late - task.Current.QueuedAt).Ticks)) / Aging);
}
