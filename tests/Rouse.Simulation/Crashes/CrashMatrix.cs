using System.Collections.Concurrent;
using System.Globalization;

namespace Rouse.Simulation;

/// <summary>
/// Plays one story on one kind of harness once for each point at which it can be struck, and compares each outcome with the one of the calm story. What it
/// is struck by is in the other parts.
/// </summary>
internal sealed partial class CrashMatrix
{
    /// <summary>Worlds share nothing, so that several can be played side by side.</summary>
    private static readonly ParallelOptions SideBySide = new() { MaxDegreeOfParallelism = 2 };

    private readonly CrashStory _story;
    private readonly string _model;
    private readonly Func<SimScheduler, SimJournal>? _journal;
    private readonly HashSet<string> _accepted;
    private readonly bool _countsWakes;

    /// <summary>What losing some sends, or their answers, leads to without any other fault, by which and how.</summary>
    private readonly ConcurrentDictionary<string, string> _losses = new(StringComparer.Ordinal);

    /// <param name="model">The kind of harness, as <see cref="Setting.Model"/> names it.</param>
    /// <param name="delays">Whether what strikes delays some things and not others, so that outcomes may be told in other wakes.</param>
    public CrashMatrix(CrashStory story, string model, Func<SimScheduler, SimJournal>? journal = null, bool delays = false)
    {
        (_story, _model, _journal, _countsWakes) = (story, model, journal, story.MergesWakes is null && !delays);
        (Calm, var outcome) = Play(null);
        Reads = Calm.Journal.Faults.Reads;
        _accepted = [outcome, .. story.Otherwise.Select(otherwise => Play(otherwise).Outcome)];
    }

    /// <summary>The story without a fault.</summary>
    private World Calm { get; }

    private int Reads { get; }

    private int AtEveryAct(string what, Action<World, SendsInDoubt> strike, TimeSpan? mostDelay = null) => PlayAll(
        2 * Calm.Acts.Count,
        n =>
        {
            var point = new CrashPoint(1 + (n / 2), n % 2 != 0);
            return new Strike(
                $"{what} {(point.After ? "after" : "before")} act {point.Act} ({Calm.Acts[point.Act - 1].Name})",
                (world, doubts) => world.OnAct += reached =>
                {
                    if (reached == point)
                    {
                        strike(world, doubts);
                    }
                });
        },
        mostDelay);

    private int PlayAll(int points, Func<int, Strike> point, TimeSpan? mostDelay = null)
    {
        var failures = new ConcurrentBag<(int Point, string What)>();
        Parallel.For(0, points, SideBySide, n =>
        {
            // Nobody reads what is told of a run that goes well; one that does not is played again for it.
            var strike = point(n);
            if (Check(strike, isTold: false, mostDelay) is not null)
            {
                failures.Add((n, $"{_story} on {_model}, {strike.Name}: {Check(strike, isTold: true, mostDelay)}"));
            }
        });
        if (!failures.IsEmpty)
        {
            Assert.Fail($"{failures.Count} of {points} points change what happens. The first: {failures.MinBy(f => f.Point).What}");
        }

        return points;
    }

    /// <summary>What is wrong with the run; null when nothing is.</summary>
    private string? Check(Strike strike, bool isTold, TimeSpan? mostDelay)
    {
        try
        {
            SendsInDoubt? doubts = null;
            using var world = _story.Play(_model, w => strike.Plan(w, doubts = new SendsInDoubt(w)), _journal, isTold: isTold);
            var outcome = Outcome(world);
            return world.Time.Elapsed - Calm.Time.Elapsed > mostDelay ? $"over after {world.Time.Elapsed}, without it after {Calm.Time.Elapsed}\n{world.Story}"
                : _accepted.Contains(outcome) || Losses(doubts!).Any(outcome.Equals) ? null
                : $"expected\n{string.Join("\nor\n", _accepted.Concat(Losses(doubts!)))}\nbut was\n{outcome}\n{world.Story}";
        }
        catch (SimulationException error)
        {
            return error.Message;
        }
    }

    /// <summary>
    /// What the story comes to when some of the sends that were in doubt are lost, or their answers are, each as it truly was: nothing else may come of a
    /// send that was claimed and cut off.
    /// </summary>
    private IEnumerable<string> Losses(SendsInDoubt doubts)
    {
        var keys = doubts.Keys;
        for (var some = 1; some < 1 << keys.Count; some++)
        {
            var lost = keys.Where((_, i) => (some & (1 << i)) != 0).Select(k => (Key: k, Arrived: doubts.HasArrived(k))).ToList();
            var name = string.Join(' ', lost.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Arrived}")));
            yield return _losses.GetOrAdd(name, _ => Play(world => lost.ForEach(l => world.Harness.Faults.Once(
                "deliver", l.Arrived ? new HarnessFault.AnswerLost() : new HarnessFault.Lost(), call => call.Key == l.Key))).Outcome);
        }
    }

    /// <summary>A run that others are held against: it must itself be one that may be.</summary>
    private (World World, string Outcome) Play(Action<World>? prepare)
    {
        using var world = _story.Play(_model, prepare, _journal);
        if (CrashOutcome.Defects(world).ToList() is { Count: > 0 } defects)
        {
            throw new SimulationException($"{_story} on {_model}: {string.Join("; ", defects)}\n{world.Story}");
        }

        return (world, Outcome(world));
    }

    private string Outcome(World world) => CrashOutcome.Of(world, _countsWakes);

    /// <summary>One fault in one run of the story.</summary>
    /// <param name="Plan">Plans it before the story begins, and notes when it strikes what is in doubt then.</param>
    private sealed record Strike(string Name, Action<World, SendsInDoubt> Plan);
}
