using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_new_journal_is_empty()
    {
        Assert.Equal((0, 0), await Journal.PositionsAsync(Cancelled));
        Assert.Empty(await Journal.ReadAsync(0, 10, Cancelled));
        Assert.Empty(await Journal.ObligationsAsync(after: null, 10, Cancelled));
        Assert.Empty(await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task A_crew_without_events_is_not_known() => Assert.Null(await Journal.LoadAsync(Sample.NewCrew(), Cancelled));

    [Fact]
    public async Task Events_come_back_as_they_were_written()
    {
        var crew = Sample.NewCrew();
        var at = Sample.Noon.AddTicks(12_340);
        await CommittedAsync(Sample.Commit(crew, 0) with
        {
            Events = [new NewEvent("task-delegated", Sample.Bytes("""{"text":"äöü 🛎 \u0000 '\""}"""), at), Sample.Event("{}", "wake-due")],
        });

        var stored = await Journal.LoadAsync(crew, Cancelled);

        Assert.NotNull(stored);
        Assert.Equal((crew, 0), (stored.Crew, stored.SnapshotVersion));
        Assert.Null(stored.Snapshot);
        Assert.Equal(["task-delegated", "wake-due"], stored.Events.Select(e => e.Type));
        Assert.Equal([1L, 2L], stored.Events.Select(e => e.Version));
        Assert.All(stored.Events, e => Assert.Equal(crew, e.Crew));
        Assert.Equal("""{"text":"äöü 🛎 \u0000 '\""}""", Sample.Text(stored.Events[0].Data));
        Assert.Equal(at, stored.Events[0].At);
    }

    [Fact]
    public async Task Events_of_other_crews_do_not_show_in_a_crew()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        for (var version = 0; version < 5; version++)
        {
            await CommittedAsync(Sample.Commit(one, version));
            await CommittedAsync(Sample.Commit(other, version * 2, events: 2));
        }

        var stored = await Journal.LoadAsync(one, Cancelled);

        Assert.NotNull(stored);
        Assert.Equal([1L, 2L, 3L, 4L, 5L], stored.Events.Select(e => e.Version));
        Assert.All(stored.Events, e => Assert.Equal(one, e.Crew));
        Assert.Equal(10, await VersionAsync(other));
    }

    [Fact]
    public async Task A_crew_is_loaded_from_its_newest_snapshot()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0, events: 3) with { Snapshot = Sample.Bytes("at 3") });
        await CommittedAsync(Sample.Commit(crew, 3, events: 2) with { Snapshot = Sample.Bytes("at 5") });
        await CommittedAsync(Sample.Commit(crew, 5, events: 2));

        var stored = await Journal.LoadAsync(crew, Cancelled);

        Assert.NotNull(stored);
        Assert.Equal(5, stored.SnapshotVersion);
        Assert.Equal("at 5", Sample.Text(stored.Snapshot!.Value));
        Assert.Equal([6L, 7L], stored.Events.Select(e => e.Version));
    }

    [Fact]
    public async Task A_snapshot_at_the_newest_version_leaves_no_events_to_load()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0, events: 3) with { Snapshot = new byte[] { 0, 1, 255 } });

        var stored = await Journal.LoadAsync(crew, Cancelled);

        Assert.NotNull(stored);
        Assert.Equal(3, stored.SnapshotVersion);
        Assert.Equal([0, 1, 255], stored.Snapshot!.Value.ToArray());
        Assert.Empty(stored.Events);
    }

    [Fact]
    public async Task Positions_rise_over_all_crews_in_the_order_of_commits()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        var first = await CommittedAsync(Sample.Commit(one, 0, events: 2));
        var second = await CommittedAsync(Sample.Commit(other, 0));
        var third = await CommittedAsync(Sample.Commit(one, 2, events: 3));

        var events = await Journal.ReadAsync(0, 100, Cancelled);

        Assert.Equal([one, one, other, one, one, one], events.Select(e => e.Crew));
        Assert.Equal(events.Select(e => e.Position).Order(), events.Select(e => e.Position));
        Assert.Equal([first, second, third], new[] { events[1].Position, events[2].Position, events[5].Position });
        Assert.Equal((events[0].Position, third), await Journal.PositionsAsync(Cancelled));
    }

    [Fact]
    public async Task All_events_are_read_in_pages_without_gap_or_repetition()
    {
        var crews = Enumerable.Range(0, 7).Select(_ => Sample.NewCrew()).ToArray();
        for (var version = 0; version < 10; version++)
        {
            foreach (var crew in crews)
            {
                await CommittedAsync(Sample.Commit(crew, version));
            }
        }

        var read = new List<StoredEvent>();
        while (await Journal.ReadAsync(read.Count == 0 ? 0 : read[^1].Position, 9, Cancelled) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 9);
            read.AddRange(page);
        }

        Assert.Equal(70, read.Count);
        Assert.Equal(70, read.Select(e => (e.Crew, e.Version)).Distinct().Count());
        Assert.Empty(await Journal.ReadAsync(read[^1].Position, 9, Cancelled));
        Assert.Empty(await Journal.ReadAsync(0, 0, Cancelled));
    }

    [Fact]
    public async Task A_read_from_before_the_first_event_begins_there_and_one_from_behind_the_last_is_empty()
    {
        var crew = Sample.NewCrew();
        var last = await CommittedAsync(Sample.Commit(crew, 0, events: 3));

        Assert.Equal(3, (await Journal.ReadAsync(-7, 100, Cancelled)).Count);
        Assert.Empty(await Journal.ReadAsync(last, 100, Cancelled));
        Assert.Empty(await Journal.ReadAsync(last + int.MaxValue, 100, Cancelled));
        Assert.Empty(await Journal.ReadAsync(long.MaxValue, 100, Cancelled));
        Assert.Empty(await Journal.ReadAsync(0, -1, Cancelled));
    }

    [Fact]
    public async Task What_was_committed_stays_when_the_caller_s_buffers_change()
    {
        var crew = Sample.NewCrew();
        var buffers = Enumerable.Range(0, 6).Select(n => Sample.Bytes($"\"buffer {n}\"")).ToArray();
        await CommittedAsync(Sample.Commit(crew, 0) with
        {
            Events = [new NewEvent("happened", buffers[0], Sample.Noon)],
            Sessions = [Sample.Session(crew, 1) with { Data = buffers[1] }],
            Tasks = [Sample.Task(crew, 1) with { Data = buffers[2] }],
            Notices = [Sample.Notice(crew, 1) with { Data = buffers[3] }],
            Wakes = [Sample.Wake(crew, 1) with { Data = buffers[4] }],
        });
        await CommittedAsync(Sample.Commit(crew, 1) with { Snapshot = buffers[5] });

        foreach (var buffer in buffers)
        {
            Array.Fill(buffer, (byte)'x');
        }

        ReadOnlyMemory<byte>[] kept =
        [
            (await Journal.ReadAsync(0, 1, Cancelled))[0].Data, (await Journal.FindSessionAsync(new SessionId(crew, 1), Cancelled))!.Data,
            (await Journal.FindTaskAsync(new TaskId(crew, 1), Cancelled))!.Data, (await Journal.NoticesAsync(new SessionId(crew, 1), Cancelled))[0].Data,
            (await Journal.FindWakeAsync(new WakeId(crew, 1), Cancelled))!.Data, (await Journal.LoadAsync(crew, Cancelled))!.Snapshot!.Value,
        ];
        Assert.Equal(Enumerable.Range(0, 6).Select(n => $"\"buffer {n}\""), kept.Select(Sample.Text));
    }

    [Fact]
    public async Task What_was_read_stays_when_more_is_committed()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Owed = [Sample.Owed(1)], SlotsTaken = [Sample.Slot("lane", crew)], Notices = [Sample.Notice(crew, 1)] });
        var (stored, events) = (await Journal.LoadAsync(crew, Cancelled), await Journal.ReadAsync(0, 100, Cancelled));
        var (owed, slots) = (await Journal.ObligationsAsync(after: null, 100, Cancelled), await Journal.SlotsAsync(Cancelled));
        var notices = await Journal.NoticesAsync(new SessionId(crew, 1), Cancelled);

        await CommittedAsync(Sample.Commit(crew, 1) with
        {
            Owed = [Sample.Owed(2)], SlotsTaken = [Sample.Slot("lane", crew, task: 2)], Notices = [Sample.Notice(crew, 2)], Snapshot = Sample.Bytes("at 2"),
        });

        Assert.Equal((0, 1), (stored!.SnapshotVersion, stored.Events.Count));
        Assert.Equal((1, 1, 1, 1), (events.Count, owed.Count, slots.Count, notices.Count));
    }
}
