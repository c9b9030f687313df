using System.Globalization;
using Rouse.Simulation;

// The test runner starts this program too; what is not one of its own verbs is the runner's.
return args switch
{
    ["campaign", var first, var seeds, var seconds] => Campaigns(int.Parse(first, CultureInfo.InvariantCulture), int.Parse(seeds, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture)),
    ["trace", var seed] => Trace(int.Parse(seed, CultureInfo.InvariantCulture)),
    ["shrink", var seed] => Shrink(int.Parse(seed, CultureInfo.InvariantCulture)),
    ["seed", var seed] => Seed(int.Parse(seed, CultureInfo.InvariantCulture)),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};

static int Campaigns(int first, int seeds, int seconds)
{
    var campaign = Campaign.Run(first, seeds, TimeSpan.FromSeconds(seconds), threads: 2, mostFailures: 20);
    Console.WriteLine(campaign);
    foreach (var (seed, error) in campaign.Failures)
    {
        Console.WriteLine($"{seed}: {error.Rule} | {error.Message.Split('\n')[0]}");
    }

    return campaign.Failures.Count == 0 ? 0 : 1;
}

static int Seed(int seed)
{
    try
    {
        Console.WriteLine(Workload.Play(PlanMaker.Make(seed)).Story);
        return 0;
    }
    catch (SimulationException error)
    {
        Console.WriteLine(PlanMaker.Make(seed));
        Console.WriteLine(error.Message);
        return 1;
    }
}

static int Trace(int seed)
{
    Console.WriteLine(TraceTests.Trace(Workload.Play(PlanMaker.Make(seed), isTold: false)));
    return 0;
}

static int Shrink(int seed)
{
    try
    {
        Workload.Play(PlanMaker.Make(seed), isTold: false);
        Console.WriteLine($"seed {seed} is clean");
        return 0;
    }
    catch (SimulationException error)
    {
        Console.WriteLine(Shrinker.Shrink(PlanMaker.Make(seed), error).Tell().Message);
        return 1;
    }
}
