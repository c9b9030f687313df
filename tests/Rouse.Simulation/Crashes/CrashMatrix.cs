using System.Collections.Concurrent;

namespace Rouse.Simulation;

/// <summary>Plays one story once for each of its crash points, and compares each outcome with the crash-free one.</summary>
internal sealed class CrashMatrix
{
    /// <summary>Worlds share nothing, so that several can be played side by side.</summary>
    private static readonly ParallelOptions SideBySide = new() { MaxDegreeOfParallelism = 2 };

    private readonly CrashStory _story;
    private readonly Func<SimScheduler, SimJournal>? _journal;
    private readonly HashSet<string> _accepted;

    public CrashMatrix(CrashStory story, Func<SimScheduler, SimJournal>? journal = null)
    {
        (_story, _journal) = (story, journal);
        (Calm, var outcome) = Play(null, isTold: true);
        _accepted = [outcome];
        if (story.Unheard is not null)
        {
            _accepted.Add(Play(story.Unheard, isTold: true).Outcome);
        }
    }

    /// <summary>The story without a crash.</summary>
    public World Calm { get; }

    /// <summary>The node dies before and after everything that it does to the world.</summary>
    public int CrashAtEveryAct() => AtEveryAct("crash", world => world.Kill());

    /// <summary>The node dies after every step of the story, so at every await that anything in it ever is at.</summary>
    public int CrashAtEveryStep() => PlayAll((int)Calm.Time.Steps, n => ($"crash after step {n + 1}", world => world.Time.AtStep(n + 1, world.Kill)));

    /// <summary>The process stands still before and after everything that it does, longer than any call to a harness may take, and goes on.</summary>
    public int StandStillAtEveryAct() => AtEveryAct("standing still", world => _ = world.PauseAsync(seconds: 40));

    /// <summary>The node's clock jumps before and after everything that it does. Nobody waits much longer for it.</summary>
    public int JumpAtEveryAct(TimeSpan by) => AtEveryAct($"the clock jumps by {by}", world => world.JumpClock(by), mostDelay: TimeSpan.FromSeconds(30));

    /// <summary>A commit goes wrong in this way, each in turn.</summary>
    public int FaultAtEveryCommit(CommitFault fault) => PlayAll(
        Calm.Journal.Faults.Commits, n => ($"{fault} at commit {n + 1}", world => world.Journal.Faults.At(n + 1, fault)));

    private int AtEveryAct(string what, Action<World> strike, TimeSpan? mostDelay = null) => PlayAll(
        2 * Calm.Acts.Count,
        n =>
        {
            var point = new CrashPoint(1 + (n / 2), n % 2 != 0);
            return ($"{what} {(point.After ? "after" : "before")} act {point.Act} ({Calm.Acts[point.Act - 1].Name})", world => world.OnAct += p => StrikeAt(world, p));

            void StrikeAt(World world, CrashPoint reached)
            {
                if (reached == point)
                {
                    strike(world);
                }
            }
        },
        mostDelay);

    private int PlayAll(int points, Func<int, (string Name, Action<World> Plan)> point, TimeSpan? mostDelay = null)
    {
        var failures = new ConcurrentBag<(int Point, string What)>();
        Parallel.For(0, points, SideBySide, n =>
        {
            // Nobody reads what is told of a run that goes well; one that does not is played again for it.
            var (name, plan) = point(n);
            if (Check(plan, isTold: false, mostDelay) is not null)
            {
                failures.Add((n, $"{_story}, {name}: {Check(plan, isTold: true, mostDelay)}"));
            }
        });
        if (!failures.IsEmpty)
        {
            Assert.Fail($"{failures.Count} of {points} crash points change what happens. The first: {failures.MinBy(f => f.Point).What}");
        }

        return points;
    }

    /// <summary>What is wrong with the run; null when nothing is.</summary>
    private string? Check(Action<World> plan, bool isTold, TimeSpan? mostDelay)
    {
        try
        {
            var (world, outcome) = Play(plan, isTold);
            return world.Time.Elapsed - Calm.Time.Elapsed > mostDelay ? $"over after {world.Time.Elapsed}, without it after {Calm.Time.Elapsed}\n{world.Story}"
                : _accepted.Contains(outcome) ? null
                : $"expected\n{string.Join("\nor\n", _accepted)}\nbut was\n{outcome}\n{world.Story}";
        }
        catch (SimulationException error)
        {
            return error.Message;
        }
    }

    private (World World, string Outcome) Play(Action<World>? plan, bool isTold)
    {
        using var world = _story.Play(plan, _journal, isTold: isTold);
        return (world, CrashOutcome.Of(world, _story.MergesWakes is null));
    }
}
