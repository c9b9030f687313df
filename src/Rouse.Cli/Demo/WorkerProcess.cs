using System.Diagnostics;

namespace Rouse.Cli.Demo;

/// <summary>One life of the demo's worker: this same program, as a process of its own that can really be killed.</summary>
/// <remarks>Its standard input is the person's keyboard; at its end the worker stops, so it never outlives the demo.</remarks>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int LinesKept = 40;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);
    private readonly Process _process;
    private readonly Queue<string> _printed = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private WorkerProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Id => _process.Id;

    public Uri Url => _listening.Task.Result;

    /// <summary>Returns when the worker answers at its address.</summary>
    /// <param name="url">Port 0 lets it pick one.</param>
    /// <exception cref="DemoException">It did not get that far.</exception>
    public static async Task<WorkerProcess> StartAsync(string data, Uri url, CancellationToken cancellationToken)
    {
        var worker = new WorkerProcess(Process.Start(StartInfo(data, url))!);
        try
        {
            if (await Task.WhenAny(worker._listening.Task, worker._reading).WaitAsync(StartTime, cancellationToken) == worker._listening.Task)
            {
                return worker;
            }

            throw new DemoException($"the worker (pid {worker.Id}) ended before it listened: {worker.Printed()}");
        }
        catch (Exception e)
        {
            await worker.DisposeAsync();
            throw e is TimeoutException ? new DemoException($"the worker did not start within {StartTime.TotalSeconds} s: {worker.Printed()}") : e;
        }
    }

    /// <summary>Types a line into the parent's conversation, as a person would.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: the process gets no chance to write, to flush or to say goodbye. Returns its exit code.</summary>
    public async Task<int> KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Asks it to end and waits for it.</summary>
    /// <exception cref="DemoException">It did not end, or not well.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(StopTime, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new DemoException($"the worker (pid {Id}) did not stop within {StopTime.TotalSeconds} s: {Printed()}");
        }

        if (_process.ExitCode != 0)
        {
            throw new DemoException($"the worker stopped with exit code {_process.ExitCode}: {Printed()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string data, Uri url)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        }

        foreach (var argument in (string[])[DemoWorkerCommand.CommandName, "--data", data, "--url", url.ToString()])
        {
            start.ArgumentList.Add(argument);
        }

        // The demo is the same wherever it runs: what is configured for another node on this machine is not for its worker.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ROUSE", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            if (name != "ROUSE_SQLITE_LIBRARY")
            {
                start.Environment.Remove(name);
            }
        }

        return start;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_printed)
            {
                _printed.Enqueue(line);
                if (_printed.Count > LinesKept)
                {
                    _printed.Dequeue();
                }
            }

            if (line.StartsWith(Serving.ServeCommand.ListeningLine, StringComparison.Ordinal)
                && Uri.TryCreate(line[Serving.ServeCommand.ListeningLine.Length..], UriKind.Absolute, out var url))
            {
                _listening.TrySetResult(url);
            }
        }
    }

    private string Printed()
    {
        lock (_printed)
        {
            return _printed.Count == 0 ? "it printed nothing" : $"it printed:\n{string.Join('\n', _printed)}";
        }
    }
}
