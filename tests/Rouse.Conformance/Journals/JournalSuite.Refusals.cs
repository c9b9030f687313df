using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_commit_on_another_version_is_refused_and_says_which_it_is()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0, events: 2));

        Assert.Equal(2, (await RefusedAsync<CommitResult.VersionConflict>(Sample.Commit(crew, 0))).ActualVersion);
        Assert.Equal(2, (await RefusedAsync<CommitResult.VersionConflict>(Sample.Commit(crew, 1))).ActualVersion);
        Assert.Equal(2, (await RefusedAsync<CommitResult.VersionConflict>(Sample.Commit(crew, 3))).ActualVersion);
        Assert.Equal(0, (await RefusedAsync<CommitResult.VersionConflict>(Sample.Commit(Sample.NewCrew(), 1))).ActualVersion);
        Assert.Equal(2, await VersionAsync(crew));
    }

    [Fact]
    public async Task An_address_belongs_to_one_session()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        var address = new Address("chat@main", "shared");
        await CommittedAsync(Sample.Commit(one, 0) with { Sessions = [Sample.Session(one, 1, address)] });

        var refusal = await RefusedAsync<CommitResult.AddressTaken>(
            Sample.Commit(other, 0) with { Sessions = [Sample.Session(other, 1), Sample.Session(other, 2, address)] });

        Assert.Equal(new CommitResult.AddressTaken(address, new SessionId(one, 1)), refusal);
        Assert.Null(await Journal.LoadAsync(other, Cancelled));
        Assert.Null(await Journal.FindSessionAsync(new SessionId(other, 1), Cancelled));
    }

    [Fact]
    public async Task The_same_id_on_another_instance_is_another_address()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with
        {
            Sessions = [Sample.Session(crew, 1, new Address("chat@main", "same")), Sample.Session(crew, 2, new Address("chat@side", "same"))],
        });
    }

    [Fact]
    public async Task Two_sessions_of_one_commit_cannot_share_an_address()
    {
        var crew = Sample.NewCrew();
        var address = new Address("chat@main", "shared");

        var refusal = await RefusedAsync<CommitResult.AddressTaken>(
            Sample.Commit(crew, 0) with { Sessions = [Sample.Session(crew, 1, address), Sample.Session(crew, 2, address)] });

        Assert.Equal(new SessionId(crew, 1), refusal.By);
        Assert.Null(await Journal.FindSessionAsync(address, Cancelled));
    }

    [Fact]
    public async Task A_session_keeps_its_address_when_its_row_is_replaced()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Sessions = [Sample.Session(crew, 1)] });
        await CommittedAsync(Sample.Commit(crew, 1) with { Sessions = [Sample.Session(crew, 1, data: """{"gone":true}""")] });

        AssertSame(Sample.Session(crew, 1, data: """{"gone":true}"""), await Journal.FindSessionAsync(new SessionId(crew, 1), Cancelled));
    }

    [Fact]
    public async Task A_session_that_gets_another_address_gives_the_old_one_up()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        var (before, after) = (new Address("chat@main", "before"), new Address("chat@main", "after"));
        await CommittedAsync(Sample.Commit(one, 0) with { Sessions = [Sample.Session(one, 1, before)] });

        // What a commit gives up is free from the next one on.
        await RefusedAsync<CommitResult.AddressTaken>(
            Sample.Commit(one, 1) with { Sessions = [Sample.Session(one, 1, after), Sample.Session(one, 2, before)] });
        await CommittedAsync(Sample.Commit(one, 1) with { Sessions = [Sample.Session(one, 1, after)] });
        Assert.Null(await Journal.FindSessionAsync(before, Cancelled));
        await CommittedAsync(Sample.Commit(other, 0) with { Sessions = [Sample.Session(other, 1, before)] });

        AssertSame(Sample.Session(one, 1, after), await Journal.FindSessionAsync(after, Cancelled));
        AssertSame(Sample.Session(other, 1, before), await Journal.FindSessionAsync(before, Cancelled));
    }

    [Fact]
    public async Task An_idempotency_key_belongs_to_one_task_of_its_session()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Sample.Commit(one, 0) with { Tasks = [Sample.Task(one, 1, from: 1, key: "k")] });

        var refusal = await RefusedAsync<CommitResult.KeyTaken>(Sample.Commit(one, 1) with { Tasks = [Sample.Task(one, 2, from: 1, key: "k")] });

        Assert.Equal(new CommitResult.KeyTaken(new SessionId(one, 1), "k", new TaskId(one, 1)), refusal);
        Assert.Equal(1, await VersionAsync(one));
        await CommittedAsync(Sample.Commit(one, 1) with { Tasks = [Sample.Task(one, 2, from: 2, key: "k")] });
        await CommittedAsync(Sample.Commit(other, 0) with { Tasks = [Sample.Task(other, 1, from: 1, key: "k")] });
    }

    [Fact]
    public async Task Two_tasks_of_one_commit_cannot_share_a_key()
    {
        var crew = Sample.NewCrew();

        var refusal = await RefusedAsync<CommitResult.KeyTaken>(
            Sample.Commit(crew, 0) with { Tasks = [Sample.Task(crew, 1, key: "k"), Sample.Task(crew, 2, key: "k")] });

        Assert.Equal(new TaskId(crew, 1), refusal.By);
        Assert.Null(await Journal.LoadAsync(crew, Cancelled));
    }

    [Fact]
    public async Task Tasks_without_a_key_do_not_conflict()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Tasks = [Sample.Task(crew, 1), Sample.Task(crew, 2)] });
        await CommittedAsync(Sample.Commit(crew, 1) with { Tasks = [Sample.Task(crew, 3), Sample.Task(crew, 1, status: AgentTaskStatus.Running)] });
    }

    [Fact]
    public async Task A_task_keeps_its_key_when_its_row_is_replaced()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Tasks = [Sample.Task(crew, 1, key: "k")] });
        await CommittedAsync(Sample.Commit(crew, 1) with { Tasks = [Sample.Task(crew, 1, key: "k", status: AgentTaskStatus.Running)] });

        AssertSame(
            Sample.Task(crew, 1, key: "k", status: AgentTaskStatus.Running),
            await Journal.FindTaskAsync(new SessionId(crew, 1), "k", Cancelled));
    }

    [Fact]
    public async Task A_refused_commit_leaves_no_trace()
    {
        var crew = Sample.NewCrew();
        var kept = Sample.Owed(1);
        var before = await CommittedAsync(Sample.Commit(crew, 0) with { Owed = [kept], SlotsTaken = [Sample.Slot("lane", crew)] });
        var body = Body.Of($"never stored, of {crew}");

        await RefusedAsync<CommitResult.LaneFull>(Sample.Commit(crew, 1) with
        {
            Bodies = [body],
            Sessions = [Sample.Session(crew, 1)],
            Tasks = [Sample.Task(crew, 1, key: "k")],
            Notices = [Sample.Notice(crew, 1)],
            Wakes = [Sample.Wake(crew, 1)],
            Owed = [Sample.Owed(2)],
            Settled = [kept.Key],
            SlotsTaken = [Sample.Slot("lane", crew, task: 2)],
            Guards = [new LaneGuard("lane", 1)],
            Snapshot = Sample.Bytes("never"),
        });

        Assert.Equal(1, await VersionAsync(crew));
        Assert.Equal(0, (await Journal.LoadAsync(crew, Cancelled))!.SnapshotVersion);
        Assert.Null(await Journal.ReadBodyAsync(body.Ref.Hash, Cancelled));
        Assert.Null(await Journal.FindSessionAsync(new SessionId(crew, 1), Cancelled));
        Assert.Null(await Journal.FindTaskAsync(new TaskId(crew, 1), Cancelled));
        Assert.Empty(await Journal.NoticesAsync(new SessionId(crew, 1), Cancelled));
        Assert.Null(await Journal.FindWakeAsync(new WakeId(crew, 1), Cancelled));
        Assert.Equal([kept], (await Journal.ObligationsAsync(after: null, 10, Cancelled)).Select(o => o.Obligation));
        Assert.Equal([Sample.Slot("lane", crew)], await Journal.SlotsAsync(Cancelled));
        Assert.Equal(before + 1, await CommittedAsync(Sample.Commit(crew, 1)));
    }

    [Fact]
    public async Task The_version_is_judged_before_anything_else()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        var address = new Address("chat@main", "held");
        await CommittedAsync(Sample.Commit(one, 0) with { Sessions = [Sample.Session(one, 1, address)], SlotsTaken = [Sample.Slot("lane", one)] });
        var everythingWrong = Sample.Commit(other, 1) with
        {
            Sessions = [Sample.Session(other, 1, address)],
            Tasks = [Sample.Task(other, 1, key: "k"), Sample.Task(other, 2, key: "k")],
            Guards = [new LaneGuard("lane", 0)],
        };

        await RefusedAsync<CommitResult.VersionConflict>(everythingWrong);
        await RefusedAsync<CommitResult.AddressTaken>(everythingWrong with { ExpectedVersion = 0 });
        await RefusedAsync<CommitResult.KeyTaken>(everythingWrong with { ExpectedVersion = 0, Sessions = [] });
        await RefusedAsync<CommitResult.LaneFull>(everythingWrong with { ExpectedVersion = 0, Sessions = [], Tasks = [] });
    }
}
