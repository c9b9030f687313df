using Rouse.Cli.Client;
using Rouse.Core;

namespace Rouse.Cli.Demo;

/// <summary>
/// What happens: a person asks the parent, the parent delegates, the worker is killed while children are at work and started again, and the
/// parent is woken. Told as it happens.
/// </summary>
internal sealed class DemoStory(string data, Timeline timeline, TimeProvider time) : IAsyncDisposable
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");
    private WorkerProcess? _worker;

    public DemoProgress Progress { get; } = new();

    /// <summary>What the crash looked like; null until it happened.</summary>
    public Crash? Crash { get; private set; }

    /// <summary>Runs the story to the moment when the parent's wake is consumed. The worker is left running.</summary>
    /// <exception cref="DemoException">It cannot go on.</exception>
    public async Task<RouseClient> RunAsync(CancellationToken cancellationToken)
    {
        _worker = await StartAsync(AnyPort, cancellationToken);
        var client = new RouseClient(new ServerAddress(_worker.Url, new DataDirectory(data).Token(), "it should be running"));
        try
        {
            timeline.Say($"a person asks: [italic]{DemoScript.Question}[/]");
            await _worker.SayAsync(DemoScript.Question);
            await foreach (var item in new EventReader(client, time).ReadAsync(after: 0, cancellationToken))
            {
                if (item is not StreamItem.Happened { Event: var seen })
                {
                    continue;
                }

                var happened = EventCodec.Decode(seen.Type, System.Text.Encoding.UTF8.GetBytes(seen.Data.GetRawText()));
                Progress.Apply(happened);
                timeline.Tell(happened);
                if (Crash is null && Progress.InTheMiddle)
                {
                    await CrashAsync(cancellationToken);
                }

                if (Progress.Woken && Progress.Settled == Progress.Delegated)
                {
                    return client;
                }
            }

            throw new DemoException("the events ended before the parent was woken");
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Ends the worker in good order, so that what it wrote can be read.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _worker!.StopAsync(cancellationToken);
        timeline.Say($"worker stopped [grey](pid {_worker.Id})[/]");
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            await _worker.DisposeAsync();
        }
    }

    private async Task CrashAsync(CancellationToken cancellationToken)
    {
        var (pid, url) = (_worker!.Id, _worker.Url);
        var exit = await _worker.KillAsync();
        Crash = new Crash(pid, exit, Progress.Settled, Progress.Delegated - Progress.Settled);
        timeline.Say($"[red]kill -9[/]     worker, pid {pid}: {Crash.Settled} of {Progress.Delegated} done, {Crash.Open} unfinished");
        await _worker.DisposeAsync();

        // At the same address, so that whoever follows it finds it again.
        _worker = await StartAsync(url, cancellationToken);
    }

    private async Task<WorkerProcess> StartAsync(Uri url, CancellationToken cancellationToken)
    {
        var worker = await WorkerProcess.StartAsync(data, url, cancellationToken);
        timeline.Say($"worker {(Crash is null ? "started" : "started again")} [grey](pid {worker.Id}, {worker.Url.GetLeftPart(UriPartial.Authority)})[/]");
        return worker;
    }
}

/// <summary>How the worker was ended.</summary>
/// <param name="ExitCode">As the operating system reported it.</param>
internal sealed record Crash(int Pid, int ExitCode, int Settled, int Open);
