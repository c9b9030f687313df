using Rouse.Engine;
using Rouse.Simulation;

namespace Rouse.Conformance.Journals;

/// <summary>The journal of the simulation keeps the same promises as a real one: what is proved on it would mean nothing otherwise.</summary>
public sealed class MemoryJournalTests : JournalSuite
{
    private readonly MemoryJournal _store = new(TimeProvider.System) { CommitTime = TimeSpan.Zero };

    [Fact]
    public async Task A_commit_whose_acknowledgement_was_lost_is_there_and_is_not_taken_twice()
    {
        var crew = Sample.NewCrew();
        var commit = Sample.Commit(crew, 0) with { Tasks = [Sample.Task(crew, 1)], Owed = [Sample.Owed(1)], SlotsTaken = [Sample.Slot("lane", crew)] };
        _store.Faults.Once("happened", CommitFault.LosesAcknowledgement);

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await Journal.CommitAsync(commit, Cancelled));

        Assert.Equal(1, (await RefusedAsync<CommitResult.VersionConflict>(commit)).ActualVersion);
        Assert.Single(await Journal.ReadAsync(0, 10, Cancelled));
        Assert.Single(await Journal.ObligationsAsync(after: null, 10, Cancelled));
    }

    [Fact]
    public async Task A_refusal_whose_acknowledgement_was_lost_has_written_nothing()
    {
        var crew = Sample.NewCrew();
        _store.Faults.Once("happened", CommitFault.LosesAcknowledgement);

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await Journal.CommitAsync(Sample.Commit(crew, 3), Cancelled));

        Assert.Null(await Journal.LoadAsync(crew, Cancelled));
    }

    [Fact]
    public async Task A_commit_that_failed_before_it_was_written_left_no_trace_and_is_taken_when_it_comes_again()
    {
        var crew = Sample.NewCrew();
        _store.Faults.Once("happened", CommitFault.FailsBefore);

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await Journal.CommitAsync(Sample.Commit(crew, 0), Cancelled));

        Assert.Null(await Journal.LoadAsync(crew, Cancelled));
        await CommittedAsync(Sample.Commit(crew, 0));
    }

    /// <summary>It is the disk and the journal in one: closing it closes nothing.</summary>
    protected override ValueTask<IJournal> OpenAsync() => ValueTask.FromResult<IJournal>(_store);
}
