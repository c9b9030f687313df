using System.Diagnostics;
using System.Text.RegularExpressions;
using Rouse.Harnesses.Processes;

namespace Rouse.Harnesses.OpenCode.Server;

/// <summary>
/// Starts the server so that it does not depend on Rouse: in a session of its own, with its output in a file. A pipe to Rouse would break, and the
/// server with it, when Rouse is killed.
/// </summary>
internal sealed partial class ServerProcess : IDisposable
{
    /// <summary>
    /// The process becomes <c>setsid</c>, and that the server, without a further fork: it keeps its id. What is configured comes in as arguments
    /// and is never part of the script.
    /// </summary>
    private const string Script = """log=$1; shift; exec setsid "$@" < /dev/null >> "$log" 2>&1""";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly Process _process;

    private ServerProcess(Process process, ProcessIdentity identity)
    {
        _process = process;
        Identity = identity;
    }

    public ProcessIdentity Identity { get; }

    /// <returns>Null when it ended at once.</returns>
    public static ServerProcess? Start(ManagedServerOptions options, ServerFiles files, IReadOnlyDictionary<string, string> environment)
    {
        if (File.Exists(files.Log))
        {
            File.Move(files.Log, files.PreviousLog, overwrite: true);
        }

        // Made here, because a mask that kept it from others would be the mask of all that the agents write, too.
        using (new FileStream(files.Log, PrivateFile.Options(FileMode.CreateNew, FileAccess.Write)))
        {
        }

        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = options.Directory, UseShellExecute = false };
        foreach (var argument in (string[])
            ["-c", Script, "sh", files.Log, options.Command, "serve", "--hostname", "127.0.0.1", "--port", $"{options.Port}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The shell could not be started.");
        if (ProcessIdentity.Of(process.Id) is { } identity)
        {
            return new ServerProcess(process, identity);
        }

        process.Dispose();
        return null;
    }

    /// <summary>Waits for the line that OpenCode writes when it answers. Its port accepts earlier, and swallows what comes then.</summary>
    /// <returns>Where it listens; null when it ended instead.</returns>
    public async ValueTask<Uri?> WaitListeningAsync(string log, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var alive = Identity.IsAlive();
            if (Listening().Match(await ReadAsync(log, cancellationToken)) is { Success: true } match)
            {
                return new Uri(match.Groups["url"].Value);
            }

            if (!alive)
            {
                return null;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Lets go of it; it goes on.</summary>
    public void Dispose() => _process.Dispose();

    /// <summary>The end of what it wrote, for people.</summary>
    public static async ValueTask<string> TailAsync(string log, CancellationToken cancellationToken)
    {
        var lines = (await ReadAsync(log, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" / ", lines.TakeLast(5));
    }

    private static async ValueTask<string> ReadAsync(string log, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"listening on (?<url>https?://\S+)\s", RegexOptions.NonBacktracking)]
    private static partial Regex Listening();
}
