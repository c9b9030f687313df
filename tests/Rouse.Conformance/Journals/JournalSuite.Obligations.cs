using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task An_obligation_comes_back_as_it_was_written()
    {
        var crew = Sample.NewCrew();
        var full = new Obligation
        {
            Kind = ObligationKind.Resume,
            Subject = 7,
            Attempt = 3,
            Due = Sample.Noon.AddTicks(10),
            Instance = "chat@main",
            Lanes = ["default", "anthropic/claude-opus-5"],
            Priority = -2,
            Since = Sample.Noon,
        };
        var bare = new Obligation { Kind = ObligationKind.Abort, Subject = 1 };
        Assert.All(
            typeof(Obligation).GetProperties().Where(part => part.CanWrite),
            part => Assert.NotEqual(part.GetValue(new Obligation { Kind = ObligationKind.Abort, Subject = 0 }), part.GetValue(full)));
        await CommittedAsync(Sample.Commit(crew, 0) with { Owed = [full, bare] });

        var owed = await Journal.ObligationsAsync(after: null, 10, Cancelled);

        Assert.Equal([bare, full], owed.Select(o => o.Obligation));
        Assert.All(owed, o => Assert.Equal(crew, o.Crew));
        Assert.True(owed[0].Obligation.Lanes.IsEmpty);
    }

    [Fact]
    public async Task An_obligation_replaces_the_one_of_its_key_and_no_other()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with
        {
            Owed = [Sample.Owed(1), Sample.Owed(2), Sample.Owed(1, ObligationKind.Abort), Sample.Owed(1, attempt: 2)],
        });
        var later = Sample.Owed(1, due: Sample.Noon);
        await CommittedAsync(Sample.Commit(crew, 1) with { Owed = [later] });

        var owed = await OwedAsync();

        Assert.Equal(4, owed.Count);
        Assert.Equal(later, owed[^1]);
    }

    [Fact]
    public async Task A_settled_obligation_is_owed_no_more()
    {
        var (crew, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Sample.Commit(crew, 0) with { Owed = [Sample.Owed(1), Sample.Owed(2)] });
        await CommittedAsync(Sample.Commit(other, 0) with { Owed = [Sample.Owed(1)] });

        await CommittedAsync(Sample.Commit(crew, 1) with { Settled = [Sample.Owed(1).Key, Sample.Owed(99).Key] });

        Assert.Equal(
            [(crew, 2), (other, 1)],
            (await Journal.ObligationsAsync(after: null, 10, Cancelled)).Select(o => (o.Crew, o.Obligation.Subject))
                .OrderByDescending(o => o.Subject));
    }

    [Fact]
    public async Task A_key_that_a_commit_settles_and_owes_is_owed()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Owed = [Sample.Owed(1)] });
        var again = Sample.Owed(1, due: Sample.Noon);
        await CommittedAsync(Sample.Commit(crew, 1) with { Settled = [again.Key], Owed = [again] });

        Assert.Equal([again], await OwedAsync());
    }

    [Fact]
    public async Task What_is_owed_comes_earliest_first_in_pages()
    {
        var crews = Enumerable.Range(0, 5).Select(_ => Sample.NewCrew()).ToArray();
        for (var i = 0; i < 30; i++)
        {
            var due = (i % 4) switch { 0 => default, 1 => Sample.Noon, var n => Sample.Noon.AddMinutes(n * (i % 7)) };
            await CommittedAsync(Sample.Commit(crews[i % 5], i / 5) with { Owed = [Sample.Owed(i + 1, due: due)] });
        }

        var read = new List<StoredObligation>();
        while (await Journal.ObligationsAsync(read.Count == 0 ? null : read[^1].Cursor, 4, Cancelled) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 4);
            read.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(1, 30), read.Select(o => o.Obligation.Subject).Order());
        Assert.Equal(read.Select(o => o.Obligation.Due).Order(), read.Select(o => o.Obligation.Due));
    }

    [Fact]
    public async Task What_is_due_at_the_same_time_comes_in_the_order_in_which_it_came_to_be_owed()
    {
        var (one, other) = (Sample.NewCrew(), Sample.NewCrew());
        await CommittedAsync(Sample.Commit(one, 0) with { Owed = [Sample.Owed(3), Sample.Owed(1), Sample.Owed(5)] });
        await CommittedAsync(Sample.Commit(other, 0) with { Owed = [Sample.Owed(4)] });
        await CommittedAsync(Sample.Commit(one, 1) with { Owed = [Sample.Owed(2)] });
        Assert.Equal([3, 1, 5, 4, 2], await SubjectsAsync());

        // Owed all the while, it keeps its place, also when it was due later in between.
        await CommittedAsync(Sample.Commit(one, 2) with { Owed = [Sample.Owed(3) with { Priority = 9 }, Sample.Owed(1, due: Sample.Noon)] });
        Assert.Equal([3, 5, 4, 2, 1], await SubjectsAsync());
        await CommittedAsync(Sample.Commit(one, 3) with { Owed = [Sample.Owed(1)] });
        Assert.Equal([3, 1, 5, 4, 2], await SubjectsAsync());

        // Settled and owed anew it is a new one, in one commit as in two.
        await CommittedAsync(Sample.Commit(one, 4) with { Settled = [Sample.Owed(3).Key], Owed = [Sample.Owed(3)] });
        await CommittedAsync(Sample.Commit(one, 5) with { Settled = [Sample.Owed(1).Key] });
        await CommittedAsync(Sample.Commit(one, 6) with { Owed = [Sample.Owed(1)] });
        Assert.Equal([5, 4, 2, 3, 1], await SubjectsAsync());
    }

    [Fact]
    public async Task A_cursor_goes_on_where_it_was_when_its_obligation_is_settled_meanwhile()
    {
        var crew = Sample.NewCrew();
        await CommittedAsync(Sample.Commit(crew, 0) with { Owed = [.. Enumerable.Range(1, 6).Select(n => Sample.Owed(n))] });
        var first = await Journal.ObligationsAsync(after: null, 3, Cancelled);

        await CommittedAsync(Sample.Commit(crew, 1) with { Settled = [Sample.Owed(1).Key, Sample.Owed(3).Key, Sample.Owed(4).Key] });

        Assert.Equal([1, 2, 3], first.Select(o => o.Obligation.Subject));
        Assert.Equal([5, 6], (await Journal.ObligationsAsync(first[^1].Cursor, 3, Cancelled)).Select(o => o.Obligation.Subject));
    }

    private async Task<IEnumerable<int>> SubjectsAsync() => (await OwedAsync()).Select(o => o.Subject);

    private async Task<List<Obligation>> OwedAsync() =>
        [.. (await Journal.ObligationsAsync(after: null, 100, Cancelled)).Select(o => o.Obligation)];
}
