using Rouse.Core;
using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

/// <summary>CRASH-10: a killed process loses nothing that it acknowledged and leaves nothing half written.</summary>
public sealed class SqliteCrashTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(3_000)]
    public async Task Everything_acknowledged_before_a_kill_is_found_after_it(int acknowledgements)
    {
        var newest = await CommitUntilKilledAsync(acknowledgements);

        await using var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = _directory.Path });
        foreach (var (stem, version) in newest)
        {
            var crew = new CrewId(stem);
            var stored = (await journal.LoadAsync(crew, Cancelled))!.Events;
            Assert.True(stored.Count >= version, $"{crew}: version {version} was acknowledged, {stored.Count} is stored");
            Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(e => e.Version));
        }

        // What was written and not acknowledged is there whole or not at all.
        var events = await journal.ReadAsync(0, int.MaxValue, Cancelled);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Position));
        Assert.Equal(events.Count, (await journal.ObligationsAsync(after: null, int.MaxValue, Cancelled)).Count);
        foreach (var written in events)
        {
            Assert.NotNull(await journal.FindTaskAsync(new TaskId(written.Crew, (int)written.Version), Cancelled));
            Assert.NotNull(await journal.ReadBodyAsync(Body.Of($"{written.Crew} {written.Version - 1}").Ref.Hash, Cancelled));
        }
    }

    public void Dispose() => _directory.Dispose();

    /// <returns>The newest acknowledged version of each crew.</returns>
    private async Task<Dictionary<string, int>> CommitUntilKilledAsync(int acknowledgements)
    {
        using var process = JournalProcess.Start(_directory.Path, JournalProcess.Role.Commit);
        Assert.Equal("open", await process.HearAsync(Cancelled));
        var newest = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var heard = 0; heard < acknowledgements; heard++)
        {
            Note(await process.HearAsync(Cancelled) ?? throw new InvalidOperationException("The process ended by itself."));
        }

        await process.KillAsync(Cancelled);
        while (await process.HearAsync(Cancelled) is { } said)
        {
            Note(said);
        }

        return newest;

        void Note(string said)
        {
            // The kill may have cut the last line short.
            if (said.Split(' ') is [var stem, var version] && stem.Length == Sample.NewCrew().Stem.Length && int.TryParse(version, out var number))
            {
                newest[stem] = Math.Max(number, newest.GetValueOrDefault(stem));
            }
        }
    }
}
