namespace Rouse.Simulation;

/// <summary>Who starts first.</summary>
public sealed partial class Oracle
{
    private static readonly TimeSpan Aging = TimeSpan.FromMinutes(10);

    /// <summary>So late what waits may be raised.</summary>
    private static readonly TimeSpan RaisedBy = TimeSpan.FromSeconds(61);

    /// <summary>Set where nothing comes between the choice and its commit, so that the order of starts is the order of choices.</summary>
    public bool ChecksOrder { get; init; }

    /// <summary>
    /// Among attempts that differ in nothing else (crew, lanes, instance) the higher level starts first. A waiting one rises a level every ten minutes.
    /// </summary>
    private void CheckOrder(BookedTask started)
    {
        if (!ChecksOrder)
        {
            return;
        }

        var level = Level(started);
        foreach (var other in _books.Tasks.Values.Where(t => Books.CrewOf(t.Id) == Books.CrewOf(started.Id)))
        {
            if (other.Status == "queued" && other != started && other.Instance == started.Instance && other.Current.Lanes.SequenceEqual(started.Current.Lanes)
                && _world.Now - other.Current.QueuedAt > TimeSpan.FromSeconds(2) && Level(other, late: RaisedBy) > level)
            {
                Break(Rule.Lanes, $"{started.Id} (level {level}) starts, and {other.Id} (level {Level(other)}) waits for the same");
            }
        }
    }

    private int Level(BookedTask task, TimeSpan late = default) =>
        task.Priority + (int)(TimeSpan.FromTicks(Math.Max(0, (_world.Now - late - task.Current.QueuedAt).Ticks)) / Aging);
}
