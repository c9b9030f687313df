using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_lane_holds_as_many_slots_as_its_limit()
    {
        var (one, two, three) = (Sample.NewCrew(), Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Taking("lane", one, limit: 2));
        await CommittedAsync(Taking("lane", two, limit: 2));

        Assert.Equal("lane", (await RefusedAsync<CommitResult.LaneFull>(Taking("lane", three, limit: 2))).Lane);
        await CommittedAsync(Taking("other", three, limit: 2));
        Assert.Equal(3, (await Journal.SlotsAsync(Cancelled)).Count);
    }

    [Fact]
    public async Task Every_guarded_lane_must_have_room()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Taking("model", one, limit: 1));

        var refusal = await RefusedAsync<CommitResult.LaneFull>(Sample.Commit(other, 0) with
        {
            SlotsTaken = [Sample.Slot("provider", other), Sample.Slot("model", other)],
            Guards = [new LaneGuard("provider", 5), new LaneGuard("model", 1)],
        });

        Assert.Equal("model", refusal.Lane);
        Assert.Equal([Sample.Slot("model", one)], await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task A_slot_that_is_given_back_can_be_taken()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Taking("lane", one, limit: 1));
        await CommittedAsync(Sample.Commit(one, 1) with { SlotsFreed = [Sample.Slot("lane", one)] });
        await CommittedAsync(Taking("lane", other, limit: 1));

        Assert.Equal([Sample.Slot("lane", other)], await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task A_commit_may_take_the_slot_that_it_gives_back()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Taking("lane", crew, limit: 1));
        await CommittedAsync(Sample.Commit(crew, 1) with
        {
            SlotsFreed = [Sample.Slot("lane", crew, attempt: 1)],
            SlotsTaken = [Sample.Slot("lane", crew, attempt: 2)],
            Guards = [new LaneGuard("lane", 1)],
        });

        Assert.Equal([Sample.Slot("lane", crew, attempt: 2)], await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task Giving_back_a_slot_that_is_not_held_makes_no_room()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Taking("lane", one, limit: 1));

        await RefusedAsync<CommitResult.LaneFull>(Taking("lane", other, limit: 1) with { SlotsFreed = [Sample.Slot("lane", other, task: 9)] });
    }

    [Fact]
    public async Task A_slot_that_is_given_back_and_taken_in_one_commit_is_held_and_counted()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Taking("lane", one, limit: 1));
        await CommittedAsync(Sample.Commit(one, 1) with
        {
            SlotsFreed = [Sample.Slot("lane", one)],
            SlotsTaken = [Sample.Slot("lane", one)],
            Guards = [new LaneGuard("lane", 1)],
        });

        await RefusedAsync<CommitResult.LaneFull>(Taking("lane", other, limit: 1) with { SlotsFreed = [Sample.Slot("lane", other)] });
        Assert.Equal([Sample.Slot("lane", one)], await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task A_guard_counts_the_whole_lane_whatever_the_commit_does_to_it()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { SlotsTaken = [Sample.Slot("lane", crew, 1), Sample.Slot("lane", crew, 2), Sample.Slot("lane", crew, 3)] });
        var guarded = Sample.Commit(crew, 1) with { Guards = [new LaneGuard("lane", 1)] };

        await RefusedAsync<CommitResult.LaneFull>(guarded);
        await RefusedAsync<CommitResult.LaneFull>(guarded with { SlotsFreed = [Sample.Slot("lane", crew, 1)] });
        await CommittedAsync(guarded with { SlotsFreed = [Sample.Slot("lane", crew, 1), Sample.Slot("lane", crew, 2)] });

        Assert.Equal([Sample.Slot("lane", crew, 3)], await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task Of_several_full_lanes_the_first_guard_s_is_named()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Sample.Commit(one, 0) with { SlotsTaken = [Sample.Slot("a", one), Sample.Slot("b", one)] });

        var refusal = await RefusedAsync<CommitResult.LaneFull>(Sample.Commit(other, 0) with
        {
            SlotsTaken = [Sample.Slot("a", other), Sample.Slot("b", other)],
            Guards = [new LaneGuard("free", 1), new LaneGuard("b", 1), new LaneGuard("a", 1)],
        });

        Assert.Equal("b", refusal.Lane);
    }

    [Fact]
    public async Task A_slot_that_is_held_already_is_not_counted_twice()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Taking("lane", crew, limit: 1));
        await CommittedAsync(Sample.Commit(crew, 1) with { SlotsTaken = [Sample.Slot("lane", crew)], Guards = [new LaneGuard("lane", 1)] });

        Assert.Single(await Journal.SlotsAsync(Cancelled));
    }

    [Fact]
    public async Task A_lane_of_limit_zero_is_shut() =>
        Assert.Equal("lane", (await RefusedAsync<CommitResult.LaneFull>(Taking("lane", Sample.NewCrew(), limit: 0))).Lane);

    [Fact]
    public async Task A_lane_without_a_guard_takes_any_number()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { SlotsTaken = [.. Enumerable.Range(1, 50).Select(n => Sample.Slot("lane", crew, n))] });

        Assert.Equal(50, (await Journal.SlotsAsync(Cancelled)).Count);
    }

    [Fact]
    public async Task Of_many_that_race_for_one_slot_one_gets_it()
    {
        var crews = Enumerable.Range(0, 64).Select(_ => Sample.NewCrew()).ToArray();

        var results = await Task.WhenAll(crews.Select(
            crew => Task.Run(async () => await Journal.CommitAsync(Taking("lane", crew, limit: 1), Cancelled), Cancelled)));

        Assert.Single(results.OfType<CommitResult.Committed>());
        Assert.Equal(63, results.OfType<CommitResult.LaneFull>().Count());
        Assert.Single(await Journal.SlotsAsync(Cancelled));
        Assert.Single(await Journal.ReadAsync(0, 100, Cancelled));
    }

    private static Commit Taking(string lane, CrewId crew, int limit) =>
        Sample.Commit(crew, 0) with { SlotsTaken = [Sample.Slot(lane, crew)], Guards = [new LaneGuard(lane, limit)] };
}
