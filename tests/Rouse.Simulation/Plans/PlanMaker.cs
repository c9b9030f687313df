using System.Collections.Immutable;
using System.Globalization;

namespace Rouse.Simulation;

/// <summary>
/// Draws a plan from a seed. Each seed first draws what may happen at all and how often (swarm testing): runs that do few things often find
/// what runs that do everything a little never meet.
/// </summary>
public static class PlanMaker
{
    private const int KindsOfDeeds = 16;

    public static Plan Make(int seed, bool calm = false)
    {
        var draw = Draw.For(seed, "plan");
        var trouble = TimeSpan.FromSeconds(draw.Pick(20, 90, 300, 600));
        return new Plan
        {
            Seed = seed,
            Trouble = trouble,
            Setting = MakeSetting(Draw.For(seed, "setting")),
            Habits = draw.Chance(0.3) ? Habits.All : (Habits)draw.Below((int)Habits.All + 1),
            Weather = calm || draw.Chance(0.2) ? Weather.Calm : new Weather
            {
                Calls = draw.Pick(0, 0.03, 0.1, 0.25) * draw.Unit(),
                Commits = draw.Pick(0, 0.02, 0.1) * draw.Unit(),
                Signals = draw.Pick(0, 0.1, 0.4) * draw.Unit(),
                Reads = draw.Pick(0, 0, 0.05) * draw.Unit(),
            },
            Deeds = [.. MakeDeeds(Draw.For(seed, "deeds"), trouble, calm), .. MakeShutDowns(Draw.For(seed, "shut-downs"), trouble, calm)],
        };
    }

    private static Setting MakeSetting(Draw draw) => new()
    {
        SnapshotEvery = draw.Pick(1, 4, 30, 200),
        CachedCrews = draw.Pick(1, 2, 1000),
        CallsPerInstance = draw.Pick(1, 3, 64),
        DefaultLane = draw.Between(1, 4),
        AcmeLane = draw.Below(4),
        OpenDescendants = draw.Pick(0, 0, 8),
        Depth = draw.Pick(1, 2, 3, 3),
        Latency = TimeSpan.FromMilliseconds(draw.Pick(1, 20, 900)),
        CommitTime = TimeSpan.FromMilliseconds(draw.Pick(1, 1, 30)),
        Main = draw.Pick("opencode", "opencode", "receipts", "once"),
        Far = draw.Pick("opencode", "receipts", "once"),
        Roots = draw.Between(1, 3),
        BigLane = draw.Below(3),
        LostAfter = draw.Pick(TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromMinutes(2)),
    };

    private static ImmutableArray<Deed> MakeDeeds(Draw draw, TimeSpan trouble, bool calm)
    {
        var weights = Enumerable.Range(0, KindsOfDeeds).Select(_ => draw.Chance(0.4) ? 0 : draw.Unit()).ToArray();
        var disasters = calm ? 0 : draw.Pick(0, 1, 3, 6);
        var deeds = ImmutableArray.CreateBuilder<Deed>();
        for (var i = draw.Between(3, 20); i > 0; i--)
        {
            // Without work there is nothing to go wrong: every other deed is a delegation.
            var at = draw.Seconds(trouble.TotalSeconds);
            deeds.Add(i % 2 == 0 ? Work(draw, at, i) : Act(draw, at, i, weights));
        }

        for (; disasters > 0; disasters--)
        {
            deeds.Add(Disaster(draw, draw.Seconds(trouble.TotalSeconds), weights));
        }

        deeds.Sort((a, b) => a.At.CompareTo(b.At));
        return deeds.ToImmutable();
    }

    /// <summary>A node that is kept up to date is stopped more often than it crashes, by people who wait and by machines that go down.</summary>
    private static IEnumerable<Deed.ShutDown> MakeShutDowns(Draw draw, TimeSpan trouble, bool calm)
    {
        for (var i = calm ? 0 : draw.Pick(0, 0, 1, 3); i > 0; i--)
        {
            yield return new Deed.ShutDown(draw.Seconds(trouble.TotalSeconds), TimeSpan.FromSeconds(draw.Pick(0, 0.02, 1, 60, 60)), draw.Chance(0.5));
        }
    }

    private static Deed.Delegate Work(Draw draw, TimeSpan at, int number) =>
        new(at, draw.Below(3), Simulation.Work.Drawn(draw, string.Create(CultureInfo.InvariantCulture, $"k{number}")));

    private static Deed Act(Draw draw, TimeSpan at, int number, double[] weights) => Weighted(draw, weights.AsSpan(0, 9)) switch
    {
        0 => new Deed.Repeat(at, draw.Below(20), draw.Chance(0.3)),
        1 => new Deed.Cancel(at, draw.Below(20), draw.Chance(0.5)),
        2 => new Deed.CancelAll(at, draw.Below(3)),
        3 => new Deed.Acknowledge(at, draw.Below(3), draw.Chance(0.5)),
        4 => new Deed.Speak(at, draw.Below(20)),
        5 => new Deed.Type(at, draw.Below(20), draw.Seconds(10)),
        6 => new Deed.Stop(at, draw.Below(20)),
        7 => new Deed.Note(at, draw.Below(3)),
        8 => draw.Chance(0.3) ? new Deed.Delete(at, draw.Below(20), draw.Chance(0.5)) : Work(draw, at, number),
        _ => Work(draw, at, number),
    };

    private static Deed Disaster(Draw draw, TimeSpan at, double[] weights) => Weighted(draw, weights.AsSpan(9)) switch
    {
        0 => new Deed.Die(at, draw.Below(2), draw.Seconds(200)),
        1 => new Deed.Cut(at, draw.Below(2), draw.Seconds(200)),
        2 => new Deed.FillDisk(at, draw.Seconds(60)),
        3 => new Deed.BlindDisk(at, draw.Seconds(20)),
        4 => new Deed.Pause(at, draw.Seconds(90)),
        5 => new Deed.JumpClock(at, draw.Seconds(draw.Pick(10, 7200)) * (draw.Chance(0.5) ? 1 : -1)),
        _ => new Deed.Kill(at),
    };

    /// <summary>The place of the one that was drawn; -1 when all weigh nothing.</summary>
    private static int Weighted(Draw draw, ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        var point = draw.Unit() * sum;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0 && (point -= weights[i]) < 0)
            {
                return i;
            }
        }

        return -1;
    }
}
