using System.Diagnostics;
using System.Globalization;
using Rouse.ScriptedModel;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>One life of an OpenCode server.</summary>
internal sealed class OpenCodeProcess : IAsyncDisposable
{
    private const string ReadyLine = "opencode server listening on ";

    private static readonly TimeSpan s_bootTime = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Watched<Printed> _printed = new(new Printed("", Exited: false));

    private OpenCodeProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public string Output => _printed.Current.Text;

    /// <summary>
    /// Starts the process and waits for the line that says it listens. The port accepts connections some 0.3 s earlier, but what is asked
    /// in that time is never answered.
    /// </summary>
    /// <exception cref="OpenCodeProcessException">It ended or did not get ready in time.</exception>
    public static async Task<OpenCodeProcess> StartAsync(
        string binary,
        OpenCodeHome home,
        int port,
        OpenCodeOptions options,
        CancellationToken cancellationToken)
    {
        var started = new OpenCodeProcess(Process.Start(StartInfo(binary, home, port, options))!);
        _ = started.ListenAsync();
        try
        {
            var printed = await started._printed.WaitUntilAsync(
                p => p.Exited || p.Text.Contains(ReadyLine, StringComparison.Ordinal),
                p => $"'{ReadyLine}' from OpenCode, which printed:\n{p.Text}",
                s_bootTime,
                cancellationToken);
            return printed.Exited ? throw new OpenCodeProcessException("OpenCode ended before it listened.", printed.Text) : started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            // Its tools run as children that would live on and finish their work.
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string binary, OpenCodeHome home, int port, OpenCodeOptions options)
    {
        var info = new ProcessStartInfo(
            binary,
            ["serve", "--hostname", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = home.Project,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in home.Environment.Concat(options.Environment))
        {
            info.Environment[name] = value;
        }

        if (options.Password is not null)
        {
            info.Environment["OPENCODE_SERVER_PASSWORD"] = options.Password;
        }

        return info;
    }

    private async Task ListenAsync()
    {
        await Task.WhenAll(CollectAsync(_process.StandardOutput), CollectAsync(_process.StandardError));
        _printed.Change(p => p with { Exited = true });
    }

    private async Task CollectAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                _printed.Change(p => p with { Text = $"{p.Text}{line}\n" });
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process was killed and disposed while its output was read.
        }
    }

    private sealed record Printed(string Text, bool Exited);
}
