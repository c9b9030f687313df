using System.Collections.Concurrent;
using System.Diagnostics;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Benchmarks;

/// <summary>The figures that docs/benchmarks.md reports. Each benchmark prints one line a figure.</summary>
internal static class Measurements
{
    /// <summary>How fast a delegation is acknowledged, durably: nothing starts, as the one slot is taken.</summary>
    public static async Task AcknowledgeAsync(string directory)
    {
        foreach (var clients in (int[])[1, 16, 64, 256])
        {
            await using var node = await Node.OpenAsync(Path.Combine(directory, $"ack-{clients}"), new NoOpHarness(endAtOnce: false), laneLimit: 1);
            await node.StartAsync();
            var parents = await Task.WhenAll(Enumerable.Range(0, clients).Select(i => node.ParentAsync($"parent-{i}")));
            await node.DelegateAsync(parents[0]);
            await RunAsync(node, parents, TimeSpan.FromSeconds(1), new Figures());
            var figures = new Figures();
            var watch = Stopwatch.StartNew();
            var count = await RunAsync(node, parents, TimeSpan.FromSeconds(4), figures);
            Console.WriteLine($"acknowledge, {clients,3} clients: {count / watch.Elapsed.TotalSeconds,8:0}/s, {figures}");
        }
    }

    /// <summary>Whole lives: delegated, started, admitted, settled, told, consumed.</summary>
    public static async Task LifecycleAsync(string directory)
    {
        const int Parents = 64;
        const int Each = 150;
        await using var node = await Node.OpenAsync(Path.Combine(directory, "lifecycle"), new NoOpHarness(endAtOnce: true), laneLimit: 0);
        await node.StartAsync();
        var parents = await Task.WhenAll(Enumerable.Range(0, Parents).Select(i => node.ParentAsync($"parent-{i}")));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(parents.Select(p => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await node.DelegateAsync(p);
            }
        })));
        var accepted = watch.Elapsed;
        await SettledAsync(node, Parents * Each);
        Console.WriteLine($"lifecycle: {Parents * Each / watch.Elapsed.TotalSeconds,8:0} tasks/s over {Parents * Each} tasks of {Parents} parents (all accepted after {accepted.TotalSeconds:0.00} s)");
    }

    /// <summary>From the moment a child ends to the moment its parent's harness has the wake, while many parents wait.</summary>
    public static async Task WakeLatencyAsync(string directory)
    {
        const int Parked = 10_000;
        const int Samples = 2_000;
        var ended = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var figures = new Figures();
        var woken = new ConcurrentDictionary<string, TaskCompletionSource>(StringComparer.Ordinal);
        var harness = new NoOpHarness(endAtOnce: false)
        {
            OnWake = parent =>
            {
                if (ended.TryGetValue(parent, out var at))
                {
                    figures.Add(Stopwatch.GetElapsedTime(at));
                    woken[parent].TrySetResult();
                }
            },
        };
        await using var node = await Node.OpenAsync(Path.Combine(directory, "wake"), harness, laneLimit: 0, cachedCrews: 20_000);
        await node.StartAsync();
        var children = await ParkAsync(node, Parked);
        foreach (var (parent, child) in children.Take(Samples))
        {
            woken[parent] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ended[parent] = Stopwatch.GetTimestamp();
            harness.End(child);
            await woken[parent].Task;
        }

        Console.WriteLine($"outcome to dispatched wake, {Parked} parked: {figures}");
    }

    /// <summary>A restart with many open tasks, one of which ended while Rouse was down.</summary>
    public static async Task RestartAsync(string directory, int open)
    {
        var folder = Path.Combine(directory, "restart");
        IReadOnlyList<(string Parent, string Child)> children;
        await using (var node = await Node.OpenAsync(folder, new NoOpHarness(endAtOnce: false), laneLimit: 0))
        {
            await node.StartAsync();
            children = await ParkAsync(node, open);
        }

        var first = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var harness = new NoOpHarness(endAtOnce: false);
        foreach (var (parent, child) in children)
        {
            harness.Open(parent);
            harness.Restore(child, child, ended: false);
        }

        harness.Restore(children[0].Child, children[0].Child, ended: true);
        var watch = Stopwatch.StartNew();
        harness.OnWake = _ => first.TrySetResult(watch.Elapsed);
        await using var again = await Node.OpenAsync(folder, harness, laneLimit: 0);
        await again.StartAsync();
        var answers = watch.Elapsed;
        var wake = await first.Task;
        Console.WriteLine($"restart with {open} open tasks: accepts after {answers.TotalSeconds:0.00} s, first wake redelivered after {wake.TotalSeconds:0.00} s");
    }

    /// <summary>What one parked delegation costs in memory.</summary>
    public static async Task MemoryAsync(string directory, int parked)
    {
        await using var node = await Node.OpenAsync(Path.Combine(directory, "memory"), new NoOpHarness(endAtOnce: false), laneLimit: 0);
        await node.StartAsync();
        await ParkAsync(node, 1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await ParkAsync(node, parked, offset: 1_000);
        var harness = HarnessCost(parked);
        var after = GC.GetTotalMemory(forceFullCollection: true) - harness;
        Console.WriteLine($"memory: {(after - before) / (double)parked,6:0} bytes per parked delegation ({parked} of them, the double of the harness taken out)");
    }

    private static async Task<IReadOnlyList<(string Parent, string Child)>> ParkAsync(Node node, int count, int offset = 0)
    {
        var children = new ConcurrentBag<(string, string)>();
        var running = 0;
        using var all = new CancellationTokenSource();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watch = Task.Run(async () =>
        {
            try
            {
                await foreach (var e in node.Agents.EventsAsync(after: null, all.Token))
                {
                    if (e.Type == "attempt.prompt-admitted" && ++running == count)
                    {
                        done.SetResult();
                        return;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The benchmark has ended.
            }
        });
        await Parallel.ForEachAsync(Enumerable.Range(offset, count), new ParallelOptions { MaxDegreeOfParallelism = 128 }, async (i, _) =>
        {
            var parent = await node.ParentAsync($"parent-{i}");
            var task = (await node.DelegateAsync(parent)).Task;
            children.Add(($"parent-{i}", Crew.AttemptKey(task.Id, 1)));
        });
        await done.Task;
        await all.CancelAsync();
        await watch;
        return [.. children];
    }

    private static async Task SettledAsync(Node node, int tasks)
    {
        var settled = 0;
        await foreach (var e in node.Agents.EventsAsync(after: 0, CancellationToken.None))
        {
            settled += e.Type == "task.settled" ? 1 : 0;
            if (settled == tasks && await NothingOwedAsync(node))
            {
                return;
            }
        }
    }

    private static async Task<bool> NothingOwedAsync(Node node)
    {
        AgentTaskStatus[] open = [AgentTaskStatus.Queued, AgentTaskStatus.Starting, AgentTaskStatus.Running, AgentTaskStatus.Settling];
        return (await node.Agents.TasksAsync(new TaskQuery(Session: null, Crew: null, open, After: null, Most: 1), CancellationToken.None)).Items.Count == 0
            && await node.OwesNothingAsync();
    }

    private static long HarnessCost(int sessions)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var harness = new NoOpHarness(endAtOnce: false);
        for (var i = 0; i < sessions; i++)
        {
            harness.Open($"parent-{i}");
            harness.Restore($"0123456789abcdef_t{i}a1", $"0123456789abcdef_t{i}a1", ended: false);
        }

        var cost = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(harness);
        return cost;
    }

    private static async Task<int> RunAsync(Node node, SessionId[] parents, TimeSpan time, Figures figures)
    {
        var count = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(parents.Select(parent => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                var started = Stopwatch.GetTimestamp();
                await node.DelegateAsync(parent);
                figures.Add(Stopwatch.GetElapsedTime(started));
                Interlocked.Increment(ref count);
            }
        })));
        return count;
    }
}
