using System.Globalization;

namespace Rouse.Simulation;

/// <summary>What <c>eng/simulate</c> runs.</summary>
internal static class SimulateCommand
{
    public const string Verb = "simulate";

    private const int Held = 0;
    private const int Broken = 1;
    private const int Usage = 2;

    public static int Run(string[] args) => args switch
    {
        ["seed", var s] when Number(s, out var seed) => Tell(seed),
        ["shrink", var s] when Number(s, out var seed) => Shrink(seed),
        ["trace", var s] when Number(s, out var seed) => Trace(seed),
        _ => Play(args),
    };

    private static int Play(string[] args)
    {
        var (first, seeds, minutes, failures) = (1, (int?)null, (int?)null, 1);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !Number(args[i + 1], out var value))
            {
                return Refuse($"'{args[i]}' needs a whole number above 0");
            }

            switch (args[i])
            {
                case "--first": first = value; break;
                case "--seeds": seeds = value; break;
                case "--minutes": minutes = value; break;
                case "--failures": failures = value; break;
                default: return Refuse($"'{args[i]}' is not known (known: --first, --seeds, --minutes, --failures, seed, shrink, W1 to W20, crashes, saboteurs)");
            }
        }

        var most = Math.Min(seeds ?? (minutes is null ? CampaignTests.Seeds : int.MaxValue), int.MaxValue - first);
        var campaign = Campaign.Run(first, most, minutes is { } m ? TimeSpan.FromMinutes(m) : null, Environment.ProcessorCount, failures);
        Console.WriteLine(campaign);
        foreach (var (seed, error) in failures > 1 ? campaign.Failures : [])
        {
            Console.WriteLine($"seed {seed}: {error.Message.Split('\n')[0]}");
        }

        try
        {
            campaign.ThrowIfFailed();
            return Held;
        }
        catch (SimulationException error)
        {
            Console.WriteLine(error.Message);
            return Broken;
        }
    }

    private static int Tell(int seed)
    {
        try
        {
            var world = Workload.Play(seed);
            Console.WriteLine($"{PlanMaker.Make(seed)}{world.Story}");
            return Held;
        }
        catch (SimulationException error)
        {
            Console.WriteLine($"{PlanMaker.Make(seed)}{error.Message}");
            return Broken;
        }
    }

    private static int Shrink(int seed)
    {
        try
        {
            Workload.Play(PlanMaker.Make(seed), isTold: false);
            Console.WriteLine($"seed {seed} breaks no rule");
            return Held;
        }
        catch (SimulationException error)
        {
            Console.WriteLine(Shrinker.Shrink(PlanMaker.Make(seed), error).Tell().Message);
            return Broken;
        }
    }

    private static int Trace(int seed)
    {
        Console.WriteLine(TraceTests.Trace(Workload.Play(PlanMaker.Make(seed), isTold: false)));
        return Held;
    }

    private static int Refuse(string why)
    {
        Console.Error.WriteLine($"eng/simulate: {why}");
        return Usage;
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
