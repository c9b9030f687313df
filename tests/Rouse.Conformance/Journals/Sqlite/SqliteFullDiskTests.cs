using Rouse.Core;
using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

/// <summary>DEL-2 in the journal: with no room a commit fails whole and loudly, and works again when there is room.</summary>
public sealed class SqliteFullDiskTests : IDisposable
{
    private const int Limit = 1 << 20;
    private static readonly Address Ballast = new("chat@main", "ballast");

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_room_a_commit_fails_whole_and_with_room_it_works_again()
    {
        await using var journal = await OpenFilledAsync();
        var crew = Sample.NewCrew();
        var large = Large(crew, 0);

        var error = await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.CommitAsync(large, Cancelled));

        Assert.Contains(_directory.File("rouse.db"), error.Message, StringComparison.Ordinal);
        Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
        Assert.Contains("Free space", error.Message, StringComparison.Ordinal);
        Assert.Null(await journal.LoadAsync(crew, Cancelled));
        Assert.Null(await journal.FindTaskAsync(new TaskId(crew, 1), Cancelled));

        Assert.True(await journal.DeleteAsync(Ballast, Cancelled));
        Assert.IsType<CommitResult.Committed>(await journal.CommitAsync(large, Cancelled));
        Assert.Equal(large.Bodies[0].Text, await journal.ReadBodyAsync(large.Bodies[0].Ref.Hash, Cancelled));
    }

    [Fact]
    public async Task Positions_and_versions_have_no_gap_where_commits_failed()
    {
        await using var journal = await OpenFilledAsync();
        var crew = Sample.NewCrew();
        Assert.IsType<CommitResult.Committed>(await journal.CommitAsync(Sample.Commit(crew, 0), Cancelled));

        var pending = Enumerable.Range(0, 20).Select(_ => Sample.NewCrew()).Select(other => journal.CommitAsync(Large(other, 0), Cancelled).AsTask());
        foreach (var commit in pending.ToArray())
        {
            await Assert.ThrowsAsync<JournalUnavailableException>(() => commit);
        }

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.CommitAsync(Large(crew, 1), Cancelled));
        await journal.DeleteAsync(Ballast, Cancelled);

        Assert.IsType<CommitResult.Committed>(await journal.CommitAsync(Large(crew, 1), Cancelled));
        Assert.Equal([1L, 2L], (await journal.ReadAsync(0, 100, Cancelled)).Select(e => e.Position));
        Assert.Equal(2, (await journal.LoadAsync(crew, Cancelled))!.Events.Count);
    }

    public void Dispose() => _directory.Dispose();

    private static Commit Large(CrewId crew, long version) => Sample.Commit(crew, version) with
    {
        Bodies = [Body.Of($"{crew}" + new string('x', Limit / 4))],
        Tasks = [Sample.Task(crew, 1)],
    };

    /// <summary>A journal whose file may not grow, with most of its room held by a conversation.</summary>
    private async Task<SqliteJournal> OpenFilledAsync()
    {
        var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = _directory.Path, SizeLimit = Limit });
        await journal.CreateAsync(Ballast, key: null, ReadOnlyMemory<byte>.Empty, Cancelled);
        await journal.AppendAsync(Ballast, key: null, new byte[Limit - (Limit / 4)], Cancelled);
        return journal;
    }
}
