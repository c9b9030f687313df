using Rouse.Core;

namespace Rouse.Engine;

/// <summary>One attempt or resumption that waits for its lanes.</summary>
internal sealed class Waiting(CrewId crew, Obligation obligation, QueueName queue, Lane[] lanes)
{
    /// <summary>Resumptions first, then the higher level, then the crew with the fewest running, then the oldest.</summary>
    public static IComparer<Waiting> ByTurn { get; } = Comparer<Waiting>.Create((a, b) =>
    {
        var order = CompareRank(a, b);
        order = order != 0 ? order : a.RunningOfCrew.CompareTo(b.RunningOfCrew);
        return order != 0 ? order : CompareAge(a, b);
    });

    /// <summary>The order within one crew: there the fewest running are the same.</summary>
    public static IComparer<Waiting> InCrew { get; } = Comparer<Waiting>.Create((a, b) =>
    {
        var order = CompareRank(a, b);
        return order != 0 ? order : CompareAge(a, b);
    });

    public CrewId Crew => crew;

    public Obligation Obligation => obligation;

    public QueueName Queue => queue;

    public TaskId Task => new(crew, obligation.Subject);

    /// <summary>Its priority, raised by the time that it has waited.</summary>
    public int Level { get; set; }

    public bool IsResume => obligation.Kind == ObligationKind.Resume && !Sabotage.LetsNewWorkGoBeforeWakes;

    public bool HasRoom => Sabotage.LooksAtOneLaneOnly ? lanes[0].HasRoom : Array.TrueForAll(lanes, l => l.HasRoom);

    public int RunningOfCrew => Sabotage.ForgetsWhoHasMost ? 0 : lanes.Max(l => l.RunningOf(crew));

    /// <summary>It was chosen, and its start is being committed; it stands in no queue meanwhile.</summary>
    public bool IsChosen { get; private set; }

    public void Choose()
    {
        IsChosen = true;
        Array.ForEach(lanes, l => l.Promise(Task, obligation.Attempt));
    }

    public void EndChoice()
    {
        IsChosen = false;
        Array.ForEach(lanes, l => l.EndPromise(Task, obligation.Attempt));
    }

    private static int CompareRank(Waiting a, Waiting b) =>
        a.IsResume == b.IsResume ? b.Level.CompareTo(a.Level) : a.IsResume ? -1 : 1;

    private static int CompareAge(Waiting a, Waiting b)
    {
        var order = Sabotage.StartsTheYoungestFirst ? b.Obligation.Since.CompareTo(a.Obligation.Since) : a.Obligation.Since.CompareTo(b.Obligation.Since);
        order = order != 0 ? order : string.CompareOrdinal(a.Crew.Stem, b.Crew.Stem);
        order = order != 0 ? order : a.Obligation.Subject.CompareTo(b.Obligation.Subject);
        return order != 0 ? order : a.Obligation.Attempt.CompareTo(b.Obligation.Attempt);
    }
}
