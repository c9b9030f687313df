using System.Diagnostics;
using System.Globalization;

namespace Rouse.Simulation;

/// <summary>Plays many seeds on several threads, each seed on one of them, and counts. What fails is made smaller before it is told.</summary>
public sealed class Campaign
{
    private readonly Lock _gate = new();
    private readonly List<(int Seed, SimulationException Error)> _failures = [];
    private readonly Stopwatch _watch = new();
    private int _next;
    private long _steps;
    private long _virtual;
    private int _seeds;

    public int Seeds => _seeds;

    public long Steps => _steps;

    public TimeSpan VirtualTime => TimeSpan.FromTicks(_virtual);

    public TimeSpan Time => _watch.Elapsed;

    /// <summary>The seeds that failed, and how.</summary>
    public IReadOnlyList<(int Seed, SimulationException Error)> Failures => _failures;

    /// <summary>Throws what the first failing seed comes down to.</summary>
    public void ThrowIfFailed()
    {
        if (_failures.OrderBy(f => f.Seed).FirstOrDefault() is { Error: { } error, Seed: var seed })
        {
            throw new SimulationException($"seed {seed}: {Shrinker.Shrink(PlanMaker.Make(seed), error).Tell().Message}", error);
        }
    }

    /// <summary>Plays from a seed on until so many were played, the time is over, or so many have failed.</summary>
    public static Campaign Run(int first, int seeds, TimeSpan? most = null, int threads = 2, int mostFailures = 1)
    {
        var campaign = new Campaign { _next = first };
        campaign._watch.Start();
        var runners = Enumerable.Range(0, threads).Select(_ => new Thread(() => campaign.Play(first + seeds, most, mostFailures))).ToList();
        runners.ForEach(r => r.Start());
        runners.ForEach(r => r.Join());
        campaign._watch.Stop();
        return campaign;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seeds} seeds, {Steps} steps, {VirtualTime.TotalDays / 365:0.00} virtual years in {Time.TotalSeconds:0.0} s "
        + $"({Environment.CpuUsage.TotalTime.TotalSeconds:0.0} s of CPU): {Seeds / Time.TotalSeconds:0} seeds/s, {Steps / Time.TotalSeconds:0} steps/s; "
        + $"{Failures.Count} failed");

    private void Play(int end, TimeSpan? most, int mostFailures)
    {
        while (_failures.Count < mostFailures && (most is null || _watch.Elapsed < most) && Interlocked.Increment(ref _next) - 1 is var seed && seed < end)
        {
            try
            {
                var world = Workload.Play(PlanMaker.Make(seed), isTold: false);
                Interlocked.Add(ref _steps, world.Time.Steps);
                Interlocked.Add(ref _virtual, world.Time.Elapsed.Ticks);
            }
            catch (SimulationException error)
            {
                lock (_gate)
                {
                    _failures.Add((seed, error));
                }
            }

            Interlocked.Increment(ref _seeds);
        }
    }
}
