using System.Diagnostics;
using System.Globalization;

namespace Rouse.Simulation;

/// <summary>One seed is one run: the same steps in the same order, wherever and whenever it is played.</summary>
public sealed class TraceTests
{
    private static readonly int[] Seeds = [3, 17, 101, 444];

    [Fact]
    public void A_seed_is_one_story()
    {
        foreach (var seed in Seeds)
        {
            Assert.Equal(Workload.Play(seed).Story.ToString(), Workload.Play(seed).Story.ToString());
        }
    }

    [Fact]
    public void A_seed_takes_the_same_steps_whether_it_is_told_or_not()
    {
        foreach (var seed in Seeds)
        {
            Assert.Equal(Trace(Workload.Play(seed)), Trace(Workload.Play(PlanMaker.Make(seed), isTold: false)));
        }
    }

    /// <summary>The other process is as another machine would be: other hash codes, one core, another time zone and language, no tiered compilation.</summary>
    [Fact]
    public async Task A_seed_takes_the_same_steps_in_another_process()
    {
        foreach (var seed in Seeds)
        {
            Assert.Equal(Trace(Workload.Play(PlanMaker.Make(seed), isTold: false)), await ElsewhereAsync(seed));
        }
    }

    internal static string Trace(World world) => string.Create(CultureInfo.InvariantCulture, $"{world.Time.Trace:x16} {world.Time.Steps} {world.Time.Elapsed}");

    private static async Task<string> ElsewhereAsync(int seed)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Rouse.Simulation"))
        {
            ArgumentList = { SimulateCommand.Verb, "trace", seed.ToString(CultureInfo.InvariantCulture) },
            Environment = { ["DOTNET_PROCESSOR_COUNT"] = "1", ["DOTNET_TieredCompilation"] = "0", ["TZ"] = "Asia/Tokyo", ["LANG"] = "tr_TR.UTF-8" },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var trace = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return trace.Trim();
    }
}
