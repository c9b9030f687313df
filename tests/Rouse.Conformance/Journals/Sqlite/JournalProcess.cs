using System.Diagnostics;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

/// <summary>
/// A second process on a journal: this very program, told to run the one explicit test in here. What it does is told by its environment, and
/// it speaks on its standard output.
/// </summary>
public sealed class JournalProcess : IDisposable
{
    private const string DirectoryVariable = "ROUSE_CONFORMANCE_DIRECTORY";
    private const string RoleVariable = "ROUSE_CONFORMANCE_ROLE";
    private const string Mark = "rouse-child ";

    private static readonly Lock Speech = new();

    private readonly Process? _process;

    /// <summary>Made by the test runner, in the second process.</summary>
    public JournalProcess()
    {
    }

    private JournalProcess(Process process) => _process = process;

    internal enum Role
    {
        /// <summary>Opens the journal and holds it open until its standard input ends.</summary>
        Hold,

        /// <summary>Commits from 16 writers and says each commit when it is acknowledged, until it is killed.</summary>
        Commit,
    }

    internal int Id => Started.Id;

    internal DateTimeOffset StartedAt => new(Started.StartTime);

    private Process Started => _process ?? throw new InvalidOperationException("This is the second process itself.");

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var directory = Environment.GetEnvironmentVariable(DirectoryVariable);
        Assert.SkipWhen(directory is null, "runs in a second process that other tests start");
        await using var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = directory });
        Say("open");
        if (Environment.GetEnvironmentVariable(RoleVariable) == nameof(Role.Hold))
        {
            await Console.In.ReadToEndAsync(TestContext.Current.CancellationToken);
            return;
        }

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => CommitForEverAsync(journal), TestContext.Current.CancellationToken)));
    }

    public void Dispose() => _process?.Dispose();

    internal static JournalProcess Start(string directory, Role role)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Rouse.Conformance" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, ["-explicit", "only", "-method", $"{typeof(JournalProcess).FullName}.{nameof(Run)}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [DirectoryVariable] = directory, [RoleVariable] = $"{role}" },
        };
        return new JournalProcess(Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start."));
    }

    /// <summary>The next thing that it says; null when it has ended.</summary>
    internal async Task<string?> HearAsync(CancellationToken cancellationToken)
    {
        while (await Started.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.IndexOf(Mark, StringComparison.Ordinal) is var at and >= 0)
            {
                return line[(at + Mark.Length)..];
            }
        }

        return null;
    }

    /// <summary>SIGKILL where there are signals: nothing in it runs any more.</summary>
    internal async Task KillAsync(CancellationToken cancellationToken)
    {
        Started.Kill();
        await Started.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Lets a holder close its journal and end.</summary>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        Started.StandardInput.Close();
        while (await HearAsync(cancellationToken) is not null)
        {
        }

        await Started.WaitForExitAsync(cancellationToken);
    }

    private static async Task CommitForEverAsync(SqliteJournal journal)
    {
        var crew = Sample.NewCrew();
        for (var version = 0; ; version++)
        {
            var commit = Sample.Commit(crew, version, events: 1) with
            {
                Bodies = [Body.Of($"{crew} {version}")],
                Tasks = [Sample.Task(crew, version + 1)],
                Owed = [Sample.Owed(version + 1)],
            };
            Assert.IsType<CommitResult.Committed>(await journal.CommitAsync(commit, CancellationToken.None));
            Say($"{crew.Stem} {version + 1}");
        }
    }

    private static void Say(string text)
    {
        lock (Speech)
        {
            Console.Out.WriteLine(Mark + text);
        }
    }
}
