using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

public abstract partial class JournalSuite
{
    [Fact]
    public async Task Many_writers_leave_no_gap_in_positions_or_versions()
    {
        const int Writers = 64;
        const int CommitsEach = 47;

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync, Cancelled)));

        var events = await Journal.ReadAsync(0, int.MaxValue, Cancelled);
        var (first, last) = await Journal.PositionsAsync(Cancelled);
        Assert.Equal(Writers * CommitsEach, events.Count);
        Assert.Equal(Enumerable.Range(0, events.Count).Select(n => first + n), events.Select(e => e.Position));
        Assert.Equal(events[^1].Position, last);
        Assert.All(
            events.GroupBy(e => e.Crew),
            crew => Assert.Equal(Enumerable.Range(1, CommitsEach).Select(n => (long)n), crew.Select(e => e.Version)));

        async Task WriteAsync()
        {
            var crew = Sample.NewCrew();
            for (var version = 0; version < CommitsEach; version++)
            {
                await CommittedAsync(Sample.Commit(crew, version) with { Tasks = [Sample.Task(crew, version + 1)], Owed = [Sample.Owed(version + 1)] });
            }
        }
    }

    [Fact]
    public async Task Of_two_that_write_a_crew_at_once_one_wins_each_version()
    {
        var crew = Sample.NewCrew();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(WriteFiveAsync, Cancelled)));

        var stored = await Journal.LoadAsync(crew, Cancelled);
        Assert.NotNull(stored);
        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), stored.Events.Select(e => e.Version));

        async Task WriteFiveAsync()
        {
            var version = 0L;
            for (var written = 0; written < 5;)
            {
                switch (await Journal.CommitAsync(Sample.Commit(crew, version), Cancelled))
                {
                    case CommitResult.Committed:
                        written++;
                        version++;
                        break;
                    case CommitResult.VersionConflict conflict:
                        version = conflict.ActualVersion;
                        break;
                    case var other:
                        Assert.Fail($"unexpected: {other}");
                        break;
                }
            }
        }
    }

    [Fact]
    public async Task A_refused_commit_leaves_those_beside_it_untouched()
    {
        var holder = Sample.NewCrew();
        var address = new Address("chat@main", "held");
        await CommittedAsync(Sample.Commit(holder, 0) with { Sessions = [Sample.Session(holder, 1, address)], Tasks = [Sample.Task(holder, 1, key: "k")] });
        var crews = Enumerable.Range(0, 60).Select(_ => Sample.NewCrew()).ToArray();

        // Handed over together, so that a store that shares transactions shares one here.
        var pending = crews.Select((crew, i) => Journal.CommitAsync(Attempted(crew, i), Cancelled).AsTask()).ToArray();
        var results = await Task.WhenAll(pending);

        for (var i = 0; i < crews.Length; i++)
        {
            Assert.IsType(Expected(i), results[i]);
            var taken = results[i] is CommitResult.Committed;
            Assert.Equal(taken ? 1 : 0, await VersionAsync(crews[i]));
            Assert.Equal(taken, await Journal.FindTaskAsync(new TaskId(crews[i], 1), Cancelled) is not null);
            Assert.Equal(taken, await Journal.ReadBodyAsync(Body.Of($"of {crews[i]}").Ref.Hash, Cancelled) is not null);
        }

        Assert.Equal(1, await VersionAsync(holder));

        Commit Attempted(CrewId crew, int i)
        {
            var commit = Sample.Commit(crew, i % 5 == 1 ? 7 : 0) with { Tasks = [Sample.Task(crew, 1)], Bodies = [Body.Of($"of {crew}")] };
            return (i % 5) switch
            {
                2 => commit with { Sessions = [Sample.Session(crew, 1, address)] },
                3 => commit with { SlotsTaken = [Sample.Slot("shut", crew)], Guards = [new LaneGuard("shut", 0)] },
                4 => commit with { Tasks = [Sample.Task(crew, 1, key: "k"), Sample.Task(crew, 2, key: "k")] },
                _ => commit,
            };
        }

        static Type Expected(int i) => (i % 5) switch
        {
            1 => typeof(CommitResult.VersionConflict),
            2 => typeof(CommitResult.AddressTaken),
            3 => typeof(CommitResult.LaneFull),
            4 => typeof(CommitResult.KeyTaken),
            _ => typeof(CommitResult.Committed),
        };
    }

    [Fact]
    public async Task Readers_see_whole_commits_while_others_write()
    {
        var crew = Sample.NewCrew();
        var writing = Task.Run(WriteAsync, Cancelled);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(ReadAsync, Cancelled)).ToArray();
        await writing;
        await Task.WhenAll(readers);

        async Task WriteAsync()
        {
            for (var n = 1; n <= 200; n++)
            {
                await CommittedAsync(Sample.Commit(crew, (n - 1) * 2, events: 2) with
                {
                    Tasks = [Sample.Task(crew, n)],
                    Snapshot = n % 20 == 0 ? Sample.Bytes($"at {n * 2}") : default(ReadOnlyMemory<byte>?),
                });
            }
        }

        async Task ReadAsync()
        {
            var seen = 0L;
            while (!writing.IsCompleted)
            {
                var version = await VersionAsync(crew);
                Assert.True(version >= seen && version % 2 == 0, $"version {version} after {seen}");
                var tasks = await Journal.TasksAsync(new TaskQuery(null, crew, null, null, int.MaxValue), Cancelled);
                Assert.True(tasks.Count * 2 >= version, $"{tasks.Count} tasks at version {version}");
                var events = await Journal.ReadAsync(0, int.MaxValue, Cancelled);
                Assert.Equal(0, events.Count % 2);
                seen = version;
            }
        }
    }
}
