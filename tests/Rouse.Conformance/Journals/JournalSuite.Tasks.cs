using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_task_is_found_by_its_id_and_by_its_key()
    {
        var crew = Sample.NewCrew();
        var task = Sample.Task(crew, 3, from: 2, key: "k 1/ä", data: """{"title":"t"}""");
        await CommittedAsync(Sample.Commit(crew, 0) with { Tasks = [task] });

        AssertSame(task, await Journal.FindTaskAsync(task.Id, Cancelled));
        AssertSame(task, await Journal.FindTaskAsync(task.From, "k 1/ä", Cancelled));
    }

    [Fact]
    public async Task A_task_is_found_as_it_last_was()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Tasks = [Sample.Task(crew, 1)] });
        var done = Sample.Task(crew, 1, status: AgentTaskStatus.Completed, data: """{"done":true}""");
        await CommittedAsync(Sample.Commit(crew, 1) with { Tasks = [Sample.Task(crew, 2), done] });

        AssertSame(done, await Journal.FindTaskAsync(done.Id, Cancelled));
        Assert.Equal([1, 2], await NumbersAsync(new TaskQuery(null, crew, null, null, 10)));
    }

    [Fact]
    public async Task What_a_task_was_created_with_stays_when_its_row_is_replaced()
    {
        var crew = Sample.NewCrew();
        var created = Sample.Task(crew, 1, from: 1, key: "k");
        await CommittedAsync(Sample.Commit(crew, 0) with { Tasks = [created] });
        await CommittedAsync(Sample.Commit(crew, 1) with
        {
            Tasks = [Sample.Task(crew, 1, from: 2, key: "other", status: AgentTaskStatus.Running, data: "{1}") with { CreatedAt = Sample.Noon.AddDays(1) }],
        });

        AssertSame(created with { Status = AgentTaskStatus.Running, Data = Sample.Bytes("{1}") }, await Journal.FindTaskAsync(created.Id, Cancelled));
        Assert.NotNull(await Journal.FindTaskAsync(created.From, "k", Cancelled));
        Assert.Null(await Journal.FindTaskAsync(new SessionId(crew, 2), "other", Cancelled));
        Assert.Equal([1], await NumbersAsync(new TaskQuery(created.From, null, null, null, 10)));
    }

    [Fact]
    public async Task Tasks_are_narrowed_by_session_crew_and_status()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Sample.Commit(one, 0) with { Tasks = [Sample.Task(one, 1), Sample.Task(one, 2, from: 2), Sample.Task(one, 3)] });
        await CommittedAsync(Sample.Commit(other, 0) with { Tasks = [Sample.Task(other, 4, status: AgentTaskStatus.Lost), Sample.Task(other, 5)] });
        await CommittedAsync(Sample.Commit(one, 1) with { Tasks = [Sample.Task(one, 1, status: AgentTaskStatus.Running)] });
        AgentTaskStatus[] queued = [AgentTaskStatus.Queued];
        AgentTaskStatus[] others = [AgentTaskStatus.Lost, AgentTaskStatus.Running];
        var session = new SessionId(one, 1);

        Assert.Equal([1, 2, 3, 4, 5], await NumbersAsync(new TaskQuery(null, null, null, null, 10)));
        Assert.Equal([1, 2, 3], await NumbersAsync(new TaskQuery(null, one, null, null, 10)));
        Assert.Equal([1, 3], await NumbersAsync(new TaskQuery(session, null, null, null, 10)));
        Assert.Equal([1, 3], await NumbersAsync(new TaskQuery(session, one, null, null, 10)));
        Assert.Empty(await NumbersAsync(new TaskQuery(session, other, null, null, 10)));
        Assert.Equal([2, 3, 5], await NumbersAsync(new TaskQuery(null, null, queued, null, 10)));
        Assert.Equal([1, 4], await NumbersAsync(new TaskQuery(null, null, others, null, 10)));
        Assert.Equal([2, 3], await NumbersAsync(new TaskQuery(null, one, queued, null, 10)));
        Assert.Equal([3], await NumbersAsync(new TaskQuery(session, null, queued, null, 10)));
        Assert.Empty(await NumbersAsync(new TaskQuery(null, null, [], null, 10)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Tasks_are_listed_in_the_order_of_their_creation_in_pages(bool ofOneSession, bool ofSomeStatuses)
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        for (var number = 1; number <= 20; number++)
        {
            var status = (AgentTaskStatus)(number % 3);
            await CommittedAsync(Sample.Commit(one, number - 1) with { Tasks = [Sample.Task(one, number, from: 1 + (number % 2), status: status)] });
            await CommittedAsync(Sample.Commit(other, number - 1) with { Tasks = [Sample.Task(other, number, status: status)] });
        }

        AgentTaskStatus[]? statuses = ofSomeStatuses ? [AgentTaskStatus.Running, AgentTaskStatus.Queued] : null;
        var query = new TaskQuery(ofOneSession ? new SessionId(one, 2) : null, null, statuses, null, 3);
        var expected = Enumerable.Range(1, 20)
            .SelectMany(number => new[] { new TaskId(one, number), new TaskId(other, number) })
            .Where(id => !ofOneSession || (id.Crew == one && id.Number % 2 == 1))
            .Where(id => !ofSomeStatuses || id.Number % 3 != 1);

        var read = new List<TaskId>();
        while (await Journal.TasksAsync(query with { After = read.Count == 0 ? null : read[^1] }, Cancelled) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 3);
            read.AddRange(page.Select(task => task.Id));
        }

        Assert.Equal(expected, read);
    }

    private async Task<IEnumerable<int>> NumbersAsync(TaskQuery query) =>
        (await Journal.TasksAsync(query, Cancelled)).Select(task => task.Id.Number);
}
