using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

/// <summary>
/// What every <see cref="IJournal"/> must hold, in code. A store inherits it and says how it is opened; each test has a store of its own.
/// </summary>
public abstract partial class JournalSuite : IAsyncLifetime
{
    private IJournal? _journal;

    protected IJournal Journal => _journal ?? throw new InvalidOperationException("The journal is not open.");

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _journal = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test: empty at first, and later with all that was committed to it.</summary>
    protected abstract ValueTask<IJournal> OpenAsync();

    /// <summary>Removes the store of this test; no journal is open any more.</summary>
    protected virtual ValueTask RemoveAsync() => ValueTask.CompletedTask;

    /// <summary>Closes the journal and opens it again on the same store.</summary>
    protected async Task ReopenAsync()
    {
        await Journal.DisposeAsync();
        _journal = null;
        _journal = await OpenAsync();
    }

    /// <summary>Commits what must be taken; returns the position of its last event.</summary>
    private protected async Task<long> CommittedAsync(Commit commit) =>
        Assert.IsType<CommitResult.Committed>(await Journal.CommitAsync(commit, Cancelled)).LastPosition;

    /// <summary>Commits what must be refused in this way.</summary>
    private protected async Task<TRefusal> RefusedAsync<TRefusal>(Commit commit)
        where TRefusal : CommitResult =>
        Assert.IsType<TRefusal>(await Journal.CommitAsync(commit, Cancelled));

    private protected async Task<long> VersionAsync(CrewId crew) =>
        await Journal.LoadAsync(crew, Cancelled) is { } stored ? stored.SnapshotVersion + stored.Events.Count : 0;

    private static void AssertSame(SessionRow expected, SessionRow? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.Id, expected.Address, Sample.Text(expected.Data)), (actual.Id, actual.Address, Sample.Text(actual.Data)));
    }

    private static void AssertSame(TaskRow expected, TaskRow? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(
            (expected.Id, expected.From, expected.Status, expected.CreatedAt, expected.Key, Sample.Text(expected.Data)),
            (actual.Id, actual.From, actual.Status, actual.CreatedAt, actual.Key, Sample.Text(actual.Data)));
    }

    private static void AssertSame(NoticeRow expected, NoticeRow actual) => Assert.Equal(
        (expected.Id, expected.Session, expected.Owed, Sample.Text(expected.Data)),
        (actual.Id, actual.Session, actual.Owed, Sample.Text(actual.Data)));

    private static void AssertSame(WakeRow expected, WakeRow? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(
            (expected.Id, expected.Session, expected.Phase, Sample.Text(expected.Data)),
            (actual.Id, actual.Session, actual.Phase, Sample.Text(actual.Data)));
    }
}
