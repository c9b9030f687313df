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
        (Calm, var outcome) = Play(null);
        _accepted = [outcome];
        if (story.Unheard is not null)
        {
            _accepted.Add(Play(story.Unheard).Outcome);
        }
    }

    /// <summary>The story without a crash.</summary>
    public World Calm { get; }

    /// <summary>The node dies before and after everything that it does to the world.</summary>
    public int CrashAtEveryAct() => PlayAll(
        2 * Calm.Acts.Count, n => ($"{(n % 2 == 0 ? "before" : "after")} act {1 + (n / 2)} ({Calm.Acts[n / 2].Name})", world => world.Crashes.Add(new CrashPoint(1 + (n / 2), n % 2 != 0))));

    /// <summary>The node dies after every step of the story, so at every await that anything in it ever is at.</summary>
    public int CrashAtEveryStep() => PlayAll((int)Calm.Time.Steps, n => ($"after step {n + 1}", world => world.Time.AtStep(n + 1, world.Kill)));

    /// <summary>The process stands still after every step, longer than any call to a harness may take, and goes on.</summary>
    public int StandStillAtEveryStep() => PlayAll((int)Calm.Time.Steps, n => (
        $"standing still after step {n + 1}", world => world.Time.AtStep(n + 1, () => _ = world.PauseAsync(seconds: 40))));

    /// <summary>The node's clock jumps after every step. Nobody waits much longer for it than the longest patience with a session that says nothing.</summary>
    public int JumpAtEveryStep(TimeSpan by) => PlayAll(
        (int)Calm.Time.Steps, n => ($"clock jumps by {by} after step {n + 1}", world => world.Time.AtStep(n + 1, () => world.JumpClock(by))), TimeSpan.FromSeconds(30));

    /// <summary>A commit goes wrong in this way, each in turn.</summary>
    public int FaultAtEveryCommit(CommitFault fault) => PlayAll(
        Calm.Journal.Faults.Commits, n => ($"{fault} at commit {n + 1}", world => world.Journal.Faults.At(n + 1, fault)));

    private int PlayAll(int points, Func<int, (string Name, Action<World> Plan)> point, TimeSpan? mostDelay = null)
    {
        var failures = new ConcurrentBag<(int Point, string What)>();
        Parallel.For(0, points, SideBySide, n =>
        {
            var (name, plan) = point(n);
            try
            {
                var (world, outcome) = Play(plan);
                if (world.Time.Elapsed - Calm.Time.Elapsed > mostDelay)
                {
                    failures.Add((n, $"{_story}, {name}: over after {world.Time.Elapsed}, without it after {Calm.Time.Elapsed}\n{world.Story}"));
                }
                else if (!_accepted.Contains(outcome))
                {
                    failures.Add((n, $"{_story}, {name}:\nexpected\n{string.Join("\nor\n", _accepted)}\nbut was\n{outcome}\n{world.Story}"));
                }
            }
            catch (SimulationException error)
            {
                failures.Add((n, $"{_story}, {name}: {error.Message}"));
            }
        });
        if (!failures.IsEmpty)
        {
            Assert.Fail($"{failures.Count} of {points} crash points change what happens. The first: {failures.MinBy(f => f.Point).What}");
        }

        return points;
    }

    private (World World, string Outcome) Play(Action<World>? plan)
    {
        using var world = _story.Play(plan, _journal);
        return (world, CrashOutcome.Of(world, _story.MergesWakes is null));
    }
}
