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
    public async Task A_commit_without_events_is_a_mistake_of_the_caller() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.CommitAsync(Sample.Commit(Sample.NewCrew(), 0, events: 0), Cancelled));

    [Fact]
    public async Task A_row_of_another_crew_is_a_mistake_of_the_caller()
    {
        var (crew, other) = (Sample.NewCrew(), Sample.NewCrew());

        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Journal.CommitAsync(Sample.Commit(crew, 0) with { Tasks = [Sample.Task(other, 1)] }, Cancelled));

        Assert.Contains($"{new TaskId(other, 1)}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_that_was_never_given_is_a_mistake_of_the_caller()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.ObligationsAsync("nonsense", 1, Cancelled));
        await Assert.ThrowsAsync<FormatException>(async () => await Journal.SessionsAsync("nonsense", 1, Cancelled));
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
