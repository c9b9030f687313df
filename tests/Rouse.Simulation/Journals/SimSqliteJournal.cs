using Rouse.Core;
using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Simulation;

/// <summary>
/// The real SQLite journal on a file, in virtual time: each call is completed within one step of the world, so that the run stays one interleaving. A
/// crash is a power cut: the files are copied as they are at that instant, nothing is closed in them, and the next life opens the copy.
/// </summary>
public sealed partial class SimSqliteJournal : SimJournal
{
    private const int All = int.MaxValue;
    private readonly string _root = Directory.CreateTempSubdirectory("rouse-simulation-").FullName;
    private SqliteJournal _journal;
    private int _life;

    public SimSqliteJournal(TimeProvider time)
        : base(time)
    {
        _journal = Open();
    }

    public override IReadOnlyList<(CrewId Crew, Obligation Obligation)> Owed =>
        [.. Now(_journal.ObligationsAsync(after: null, All, CancellationToken.None)).Select(o => (o.Crew, o.Obligation))];

    public override IReadOnlyCollection<Slot> Slots => Now(_journal.SlotsAsync(CancellationToken.None));

    public override IEnumerable<StoredEvent> Events => Now(_journal.ReadAsync(0, All, CancellationToken.None));

    public override IEnumerable<CrewId> Crews => Events.Select(e => e.Crew).Distinct().OrderBy(c => c.Stem, StringComparer.Ordinal);

    protected override int Life => _life;

    private string Home => Path.Combine(_root, $"life{_life}");

    public override IEnumerable<Obligation> OwedBy(CrewId crew) => Owed.Where(o => o.Crew == crew).Select(o => o.Obligation);

    public override IEnumerable<StoredEvent> EventsOf(CrewId crew) => Events.Where(e => e.Crew == crew);

    public override string Body(BodyRef body) =>
        Now(_journal.ReadBodyAsync(body.Hash, CancellationToken.None)) ?? throw new SimulationException($"the journal does not hold the text {body.Hash}");

    public override void Crash()
    {
        var (dead, home) = (_journal, Home);
        _life++;
        Directory.CreateDirectory(Home);
        foreach (var file in Directory.EnumerateFiles(home, "rouse.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(Home, Path.GetFileName(file)));
        }

        _journal = Open();
        Close(dead);
        Directory.Delete(home, recursive: true);
    }

    public override void Dispose()
    {
        Close(_journal);
        Directory.Delete(_root, recursive: true);
        base.Dispose();
    }

    protected override long VersionOf(CrewId crew) => Now(_journal.LoadAsync(crew, CancellationToken.None)) is { } stored ? stored.SnapshotVersion + stored.Events.Count : 0;

    protected override CommitResult Take(Commit commit) => Now(_journal.CommitAsync(commit, CancellationToken.None));

    private SqliteJournal Open() => SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = Home }).GetAwaiter().GetResult();

    /// <summary>Waits for the store's own thread, which never needs this one.</summary>
    private static T Now<T>(ValueTask<T> call) => call.AsTask().GetAwaiter().GetResult();

    /// <summary>Outside of the world's scheduler, which would wait for what it is to run.</summary>
    private static void Close(SqliteJournal journal) => Task.Run(() => journal.DisposeAsync().AsTask()).GetAwaiter().GetResult();
}
