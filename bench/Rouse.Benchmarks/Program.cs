using System.Globalization;
using Rouse.Benchmarks;

// dotnet run -c Release --project bench/Rouse.Benchmarks -- [acknowledge|lifecycle|wake|restart|memory|all] [count]
var which = args.Length > 0 ? args[0] : "all";
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
var directory = Path.Combine(Path.GetTempPath(), $"rouse-bench-{Environment.ProcessId}");
Directory.CreateDirectory(directory);
try
{
    var ran = false;
    foreach (var (name, run) in new (string, Func<Task>)[]
    {
        ("acknowledge", () => Measurements.AcknowledgeAsync(directory)),
        ("lifecycle", () => Measurements.LifecycleAsync(directory)),
        ("wake", () => Measurements.WakeLatencyAsync(directory)),
        ("restart", () => Measurements.RestartAsync(directory, count)),
        ("memory", () => Measurements.MemoryAsync(directory, count)),
    })
    {
        if (which == "all" || which == name)
        {
            await run();
            ran = true;
        }
    }

    if (!ran)
    {
        Console.Error.WriteLine($"'{which}' is no benchmark: acknowledge, lifecycle, wake, restart, memory or all");
        return 2;
    }

    return 0;
}
finally
{
    Directory.Delete(directory, recursive: true);
}
