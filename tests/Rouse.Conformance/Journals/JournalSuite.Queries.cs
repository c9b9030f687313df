using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task What_is_not_there_is_null_or_empty()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Sessions = [Sample.Session(crew, 1)], Tasks = [Sample.Task(crew, 1, key: "k")] });
        var unknown = Sample.NewCrew();

        Assert.Null(await Journal.FindSessionAsync(new SessionId(crew, 2), Cancelled));
        Assert.Null(await Journal.FindSessionAsync(new SessionId(unknown, 1), Cancelled));
        Assert.Null(await Journal.FindSessionAsync(new Address("chat@main", "nobody"), Cancelled));
        Assert.Null(await Journal.FindTaskAsync(new TaskId(crew, 2), Cancelled));
        Assert.Null(await Journal.FindTaskAsync(new TaskId(unknown, 1), Cancelled));
        Assert.Null(await Journal.FindTaskAsync(new SessionId(crew, 1), "other", Cancelled));
        Assert.Null(await Journal.FindTaskAsync(new SessionId(crew, 2), "k", Cancelled));
        Assert.Null(await Journal.FindWakeAsync(new WakeId(crew, 1), Cancelled));
        Assert.Null(await Journal.ReadBodyAsync(Body.Of("never stored").Ref.Hash, Cancelled));
        Assert.Null(await Journal.ReadBodyAsync("no hash at all", Cancelled));
        Assert.Empty(await Journal.NoticesAsync(new SessionId(unknown, 1), Cancelled));
        Assert.Empty(await Journal.TasksAsync(new TaskQuery(null, unknown, null, null, 10), Cancelled));
        Assert.Empty(await Journal.WakesAsync(new SessionId(unknown, 1), deadLettered: null, after: null, 10, Cancelled));
    }

    [Fact]
    public async Task A_body_is_stored_once_and_comes_back_whole()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        var body = Body.Of("ä\0🛎\r\n" + new string('x', 300_000));
        var empty = Body.Of("");
        await CommittedAsync(Sample.Commit(one, 0) with { Bodies = [body, body, empty] });
        await CommittedAsync(Sample.Commit(other, 0) with { Bodies = [body] });

        Assert.Equal(body.Text, await Journal.ReadBodyAsync(body.Ref.Hash, Cancelled));
        Assert.Equal("", await Journal.ReadBodyAsync(empty.Ref.Hash, Cancelled));
    }

    [Fact]
    public async Task A_session_is_found_by_its_id_and_by_its_address()
    {
        var crew = Sample.NewCrew();
        var session = Sample.Session(crew, 3, new Address("opencode@own", "ses_1/ä"), """{"agent":"build"}""");
        await CommittedAsync(Sample.Commit(crew, 0) with { Sessions = [session] });

        AssertSame(session, await Journal.FindSessionAsync(session.Id, Cancelled));
        AssertSame(session, await Journal.FindSessionAsync(session.Address, Cancelled));
    }

    [Fact]
    public async Task Sessions_are_listed_in_the_order_of_their_registration_in_pages()
    {
        var crews = Enumerable.Range(0, 3).Select(_ => Sample.NewCrew()).ToArray();
        for (var number = 1; number <= 5; number++)
        {
            foreach (var crew in crews)
            {
                await CommittedAsync(Sample.Commit(crew, number - 1) with { Sessions = [Sample.Session(crew, number)] });
            }
        }

        var read = new List<SessionRow>();
        while (await Journal.SessionsAsync(read.Count == 0 ? null : read[^1].Id.ToString(), 4, Cancelled) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(
            Enumerable.Range(1, 5).SelectMany(number => crews.Select(crew => new SessionId(crew, number))),
            read.Select(session => session.Id));
    }

    [Fact]
    public async Task A_page_after_something_that_nobody_knows_is_empty()
    {
        var (crew, unknown) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Sample.Commit(crew, 0) with { Sessions = [Sample.Session(crew, 1)], Tasks = [Sample.Task(crew, 1)], Wakes = [Sample.Wake(crew, 1)] });

        Assert.Empty(await Journal.SessionsAsync($"{new SessionId(unknown, 1)}", 10, Cancelled));
        Assert.Empty(await Journal.TasksAsync(new TaskQuery(null, null, null, new TaskId(unknown, 1), 10), Cancelled));
        Assert.Empty(await Journal.WakesAsync(session: null, deadLettered: null, $"{new WakeId(unknown, 1)}", 10, Cancelled));
    }

    [Fact]
    public async Task A_cursor_that_was_never_given_is_a_mistake_of_the_caller()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.ObligationsAsync("nonsense", 1, Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.ObligationsAsync("1:2:3", 1, Cancelled));
        await Assert.ThrowsAsync<FormatException>(async () => await Journal.SessionsAsync("nonsense", 1, Cancelled));
    }

    [Fact]
    public async Task The_notices_of_a_session_come_in_mailbox_order()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with
        {
            Notices = [Sample.Notice(crew, 3), Sample.Notice(crew, 1), Sample.Notice(crew, 2, session: 2)],
        });
        var read = Sample.Notice(crew, 1, owed: false, data: """{"state":"consumed"}""");
        await CommittedAsync(Sample.Commit(crew, 1) with { Notices = [Sample.Notice(crew, 10), read] });

        var notices = await Journal.NoticesAsync(new SessionId(crew, 1), Cancelled);

        Assert.Equal([1, 3, 10], notices.Select(notice => notice.Id.Number));
        AssertSame(read, notices[0]);
        AssertSame(Sample.Notice(crew, 3), notices[1]);
    }

    [Fact]
    public async Task A_wake_is_found_as_it_last_was()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Wakes = [Sample.Wake(crew, 4)] });
        var dispatched = Sample.Wake(crew, 4, phase: WakePhase.Dispatched, data: """{"epoch":1}""");
        await CommittedAsync(Sample.Commit(crew, 1) with { Wakes = [dispatched] });

        AssertSame(dispatched, await Journal.FindWakeAsync(dispatched.Id, Cancelled));
    }

    [Fact]
    public async Task Wakes_are_listed_by_session_and_by_whether_they_are_dead_letters()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Sample.Commit(one, 0) with { Wakes = [Sample.Wake(one, 1), Sample.Wake(one, 2, session: 2)] });
        await CommittedAsync(Sample.Commit(other, 0) with { Wakes = [Sample.Wake(other, 1, phase: WakePhase.DeadLettered)] });
        await CommittedAsync(Sample.Commit(one, 1) with
        {
            Wakes = [Sample.Wake(one, 3, phase: WakePhase.DeadLettered), Sample.Wake(one, 1, phase: WakePhase.Consumed)],
        });

        Assert.Equal([(one, 1), (one, 2), (other, 1), (one, 3)], await Listed(session: null, dead: null));
        Assert.Equal([(other, 1), (one, 3)], await Listed(session: null, dead: true));
        Assert.Equal([(one, 1), (one, 2)], await Listed(session: null, dead: false));
        Assert.Equal([(one, 1), (one, 3)], await Listed(new SessionId(one, 1), dead: null));
        Assert.Equal([(one, 3)], await Listed(new SessionId(one, 1), dead: true));
        Assert.Equal([(one, 1)], await Listed(new SessionId(one, 1), dead: false));
        Assert.Equal([(one, 3)], await Listed(session: null, dead: null, after: new WakeId(other, 1)));
        Assert.Equal([(one, 3)], await Listed(new SessionId(one, 1), dead: null, after: new WakeId(one, 1)));

        async Task<IEnumerable<(CrewId, int)>> Listed(SessionId? session, bool? dead, WakeId? after = null) =>
            (await Journal.WakesAsync(session, dead, after?.ToString(), 10, Cancelled)).Select(wake => (wake.Id.Crew, wake.Id.Number));
    }
}
