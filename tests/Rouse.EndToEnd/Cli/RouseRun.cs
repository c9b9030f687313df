using System.Diagnostics;
using System.Text;

namespace Rouse.EndToEnd.Cli;

/// <summary>One run of the built program, in a home directory of its own and without anything of this machine's configuration.</summary>
internal sealed class RouseRun : IAsyncDisposable
{
    private const string Terminal = "/usr/bin/script";
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "rouse.exe" : "rouse");
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly DirectoryInfo _home;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private RouseRun(Process process, DirectoryInfo home)
    {
        _process = process;
        _home = home;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<Ended> OfAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string input = "")
    {
        await using var run = Start(arguments, environment);
        await run._process.StandardInput.WriteAsync(input);
        run._process.StandardInput.Close();
        return await run.EndAsync();
    }

    /// <summary>Words without blanks in them.</summary>
    public static Task<Ended> OfAsync(string commandLine) => OfAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Runs to the end with a terminal as its output. The terminal shows the standard error too.</summary>
    public static async Task<Ended> OnTerminalAsync(string commandLine, IReadOnlyDictionary<string, string> environment)
    {
        Assert.SkipUnless(File.Exists(Terminal), $"{Terminal} is needed to give the program a terminal");
        await using var run = Start(Terminal, ["-qec", $"{s_program} {commandLine}", "/dev/null"], environment);
        return await run.EndAsync();
    }

    public static RouseRun Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start(s_program, arguments, environment);

    private static RouseRun Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var home = Directory.CreateTempSubdirectory("rouse-cli-");
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = home.FullName,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ROUSE", StringComparison.OrdinalIgnoreCase) || k is "NO_COLOR" or "XDG_DATA_HOME").ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = home.FullName;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return new RouseRun(Process.Start(start)!, home);
    }

    /// <summary>Waits for the end.</summary>
    public async Task<Ended> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_longest);
        await _process.WaitForExitAsync(limit.Token);
        return new Ended(_process.ExitCode, await _output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _home.Delete(recursive: true);
    }
}

/// <summary>How a run ended, and what it printed.</summary>
internal sealed record Ended(int Code, string Output, string Error)
{
    /// <summary>Fails with everything that was printed.</summary>
    public Ended ShouldEndWith(int code)
    {
        Assert.True(Code == code, $"ended with {Code}, not {code}\n--- output\n{Output}\n--- error\n{Error}");
        return this;
    }
}
