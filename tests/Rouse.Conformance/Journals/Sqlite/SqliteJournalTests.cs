using Rouse.Core;
using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

public sealed class SqliteJournalTests : JournalSuite
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Commits_of_one_crew_that_wait_together_build_on_each_other()
    {
        var crew = Sample.NewCrew();

        var pending = Enumerable.Range(0, 40).Select(version => Journal.CommitAsync(Sample.Commit(crew, version), Cancelled).AsTask()).ToArray();

        Assert.All(await Task.WhenAll(pending), result => Assert.IsType<CommitResult.Committed>(result));
        Assert.Equal(40, await VersionAsync(crew));
    }

    [Fact]
    public async Task A_closed_journal_says_so()
    {
        var journal = Journal;
        await ReopenAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.CommitAsync(Sample.Commit(Sample.NewCrew(), 0), Cancelled));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.PositionsAsync(Cancelled));
        await journal.DisposeAsync();
    }

    protected override async ValueTask<IJournal> OpenAsync() => await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = _directory.Path });

    protected override ValueTask RemoveAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
