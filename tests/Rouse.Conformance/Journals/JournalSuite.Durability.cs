using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_reopened_journal_holds_all_that_was_committed()
    {
        var crew = Sample.NewCrew();
        var body = Body.Of("kept");
        var position = await CommittedAsync(Sample.Commit(crew, 0, events: 3) with
        {
            Bodies = [body],
            Sessions = [Sample.Session(crew, 1)],
            Tasks = [Sample.Task(crew, 1, key: "k")],
            Notices = [Sample.Notice(crew, 1)],
            Wakes = [Sample.Wake(crew, 1)],
            Owed = [Sample.Owed(1)],
            SlotsTaken = [Sample.Slot("lane", crew)],
            Snapshot = Sample.Bytes("at 3"),
        });

        await ReopenAsync();

        var stored = await Journal.LoadAsync(crew, Cancelled);
        Assert.Equal((3L, "at 3", 0), (stored!.SnapshotVersion, Sample.Text(stored.Snapshot!.Value), stored.Events.Count));
        Assert.Equal(3, (await Journal.ReadAsync(0, 10, Cancelled)).Count);
        Assert.Equal(position, (await Journal.PositionsAsync(Cancelled)).Last);
        Assert.Equal("kept", await Journal.ReadBodyAsync(body.Ref.Hash, Cancelled));
        AssertSame(Sample.Session(crew, 1), await Journal.FindSessionAsync(new SessionId(crew, 1), Cancelled));
        AssertSame(Sample.Task(crew, 1, key: "k"), await Journal.FindTaskAsync(new TaskId(crew, 1), Cancelled));
        Assert.Single(await Journal.NoticesAsync(new SessionId(crew, 1), Cancelled));
        AssertSame(Sample.Wake(crew, 1), await Journal.FindWakeAsync(new WakeId(crew, 1), Cancelled));
        Assert.Equal([Sample.Owed(1)], await OwedAsync());
        Assert.Equal([Sample.Slot("lane", crew)], await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task A_reopened_journal_goes_on_where_it_was()
    {
        var (crew, other) = (Sample.NewCrew(), Sample.NewCrew());
        var before = await CommittedAsync(Sample.Commit(crew, 0, events: 3) with
        {
            Tasks = [Sample.Task(crew, 1, key: "k")],
            SlotsTaken = [Sample.Slot("lane", crew)],
        });

        await ReopenAsync();

        await RefusedAsync<CommitResult.VersionConflict>(Sample.Commit(crew, 0));
        await RefusedAsync<CommitResult.KeyTaken>(Sample.Commit(crew, 3) with { Tasks = [Sample.Task(crew, 2, key: "k")] });
        await RefusedAsync<CommitResult.LaneFull>(Taking("lane", other, limit: 1));
        Assert.Equal(before + 1, await CommittedAsync(Sample.Commit(crew, 3)));
        Assert.Equal(4, await VersionAsync(crew));
    }

    [Fact]
    public async Task What_was_handed_over_before_the_close_is_written()
    {
        var crews = Enumerable.Range(0, 50).Select(_ => Sample.NewCrew()).ToArray();
        var pending = crews.Select(crew => Journal.CommitAsync(Sample.Commit(crew, 0), Cancelled).AsTask()).ToArray();

        await ReopenAsync();

        Assert.All(await Task.WhenAll(pending), result => Assert.IsType<CommitResult.Committed>(result));
        Assert.Equal(50, (await Journal.ReadAsync(0, 100, Cancelled)).Count);
    }

    [Fact]
    public async Task A_cancelled_call_writes_nothing()
    {
        var crew = Sample.NewCrew();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Journal.CommitAsync(Sample.Commit(crew, 0), cancelled.Token));

        Assert.Null(await Journal.LoadAsync(crew, Cancelled));
    }
}
