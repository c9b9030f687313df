using System.Collections.Immutable;

namespace Rouse.Simulation;

/// <summary>
/// Makes a plan that breaks a rule smaller for as long as it breaks the same rule: fewer deeds, fewer faults, fewer habits, a plainer world. What
/// is left is what matters.
/// </summary>
public sealed class Shrinker
{
    private readonly string _kind;
    private readonly int _mostRuns;
    private Plan _best;

    private Shrinker(Plan plan, SimulationException error, int mostRuns) => (_best, _kind, _mostRuns) = (plan, KindOf(error), mostRuns);

    /// <summary>How often a smaller plan was tried.</summary>
    public int Runs { get; private set; }

    /// <summary>The smallest plan that was found.</summary>
    public Plan Plan => _best;

    /// <param name="mostRuns">How often a smaller plan may be tried.</param>
    public static Shrinker Shrink(Plan plan, SimulationException error, int mostRuns = 500)
    {
        var shrinker = new Shrinker(plan, error, mostRuns);
        shrinker.NameTheStrikes();
        for (var before = default(Plan); before != shrinker._best && shrinker.Runs < mostRuns;)
        {
            before = shrinker._best;
            shrinker.DropDeeds();
            shrinker.DropStrikes();
            shrinker.DropHabits();
            shrinker.Plain();
        }

        return shrinker;
    }

    /// <summary>The failure of the smallest plan, with its story.</summary>
    public SimulationException Tell()
    {
        try
        {
            Workload.Play(_best);
        }
        catch (SimulationException error)
        {
            return new SimulationException($"{error.Message}\nthe smallest plan that was found in {Runs} runs:\n{_best}", error);
        }

        throw new InvalidOperationException("a plan that failed does not fail when it is told: the simulation is not deterministic");
    }

    /// <summary>From now on only what struck strikes, so that each fault can be taken away alone.</summary>
    private void NameTheStrikes()
    {
        var struck = new List<Strike>();
        Fails(_best, struck);
        Try(_best with { Weather = _best.Weather with { Only = [.. struck] } });
    }

    private void DropDeeds()
    {
        // Halves first, then ever smaller pieces.
        for (var size = Math.Max(1, _best.Deeds.Length / 2); size >= 1; size /= 2)
        {
            for (var at = _best.Deeds.Length - size; at >= 0; at -= size)
            {
                if (at + size <= _best.Deeds.Length)
                {
                    Try(_best with { Deeds = _best.Deeds.RemoveRange(at, size) });
                }
            }
        }
    }

    private void DropStrikes()
    {
        for (var size = Math.Max(1, (_best.Weather.Only?.Count ?? 0) / 2); size >= 1; size /= 2)
        {
            foreach (var piece in (_best.Weather.Only ?? []).OrderBy(s => s.Where, StringComparer.Ordinal).ThenBy(s => s.Number).Chunk(size))
            {
                Try(_best with { Weather = _best.Weather with { Only = _best.Weather.Only!.Except(piece) } });
            }
        }
    }

    private void DropHabits()
    {
        foreach (var habit in Enum.GetValues<Habits>().Where(h => h is not (Habits.None or Habits.All)))
        {
            if (_best.Habits.HasFlag(habit))
            {
                Try(_best with { Habits = _best.Habits & ~habit });
            }
        }
    }

    private void Plain()
    {
        var plain = new Setting();
        foreach (var candidate in new Func<Setting, Setting>[]
        {
            s => s with { SnapshotEvery = plain.SnapshotEvery },
            s => s with { CachedCrews = plain.CachedCrews },
            s => s with { CallsPerInstance = plain.CallsPerInstance },
            s => s with { DefaultLane = plain.DefaultLane },
            s => s with { AcmeLane = plain.AcmeLane },
            s => s with { BigLane = plain.BigLane },
            s => s with { LostAfter = plain.LostAfter },
            s => s with { OpenDescendants = plain.OpenDescendants },
            s => s with { Latency = plain.Latency },
            s => s with { CommitTime = plain.CommitTime },
            s => s with { Main = "receipts" },
            s => s with { Far = "receipts" },
            s => s with { Roots = 1 },
        })
        {
            if (candidate(_best.Setting) != _best.Setting)
            {
                Try(_best with { Setting = candidate(_best.Setting) });
            }
        }
    }

    private void Try(Plan plan)
    {
        if (Runs < _mostRuns && Fails(plan))
        {
            _best = plan;
        }
    }

    private bool Fails(Plan plan, List<Strike>? struck = null)
    {
        Runs++;
        try
        {
            Workload.Play(plan, isTold: false, struck);
            return false;
        }
        catch (SimulationException error)
        {
            return KindOf(error) == _kind;
        }
    }

    /// <summary>The rule that is broken; where there is none, the beginning of what went wrong.</summary>
    private static string KindOf(SimulationException error) => error.Rule ?? error.Message[..Math.Min(error.Message.Length, 24)];
}
