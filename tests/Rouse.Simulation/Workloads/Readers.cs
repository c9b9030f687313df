using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// Somebody who reads all that can be read, and somebody who listens to the events. What is read between two commits must be what the books say.
/// </summary>
internal sealed class Readers(World world, Plan plan, Oracle oracle)
{
    private const int Page = 3;

    /// <summary>More than the listener waits between two lives of the node, and for a store that cannot be read.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(60);

    private readonly Draw _draw = Draw.For(plan.Seed, "readers");
    private readonly bool _readsAll = Draw.For(plan.Seed, "reads all").Chance(0.25);
    private long _position;
    private DateTimeOffset? _behindSince;

    /// <summary>Reads now and then, for as long as the world lasts.</summary>
    public async Task ReadAsync()
    {
        while (true)
        {
            await world.WaitAsync(30 + (_draw.Unit() * 270));
            await ReadOnceAsync();
        }
    }

    /// <summary>Reads everything, in one run of four.</summary>
    public async Task ReadAllAsync()
    {
        if (!_readsAll)
        {
            return;
        }

        foreach (var session in oracle.Books.Sessions.Values.ToList())
        {
            await ReadAsync(session);
            await ReadMailboxAsync(session);
        }

        foreach (var task in oracle.Books.Tasks.Values.ToList())
        {
            await ReadAsync(task);
        }

        await ReadTasksAsync();
        await ReadDeadLettersAsync();
    }

    /// <summary>Hears every event once and in order, over all the lives of the node.</summary>
    public async Task ListenAsync()
    {
        while (true)
        {
            var node = world.Node;
            await await Task.WhenAny(HearAsync(node), node.Died);
            await world.WaitAsync(2);
        }
    }

    /// <summary>Whether somebody listens in this run.</summary>
    public bool Listens { get; } = Draw.For(plan.Seed, "listens").Chance(0.25);

    /// <summary>Looks whether the one who listens is behind.</summary>
    public void Glance()
    {
        if (!Listens || world.Node.IsDead || world.Node.IsPaused || !oracle.IsBehind(_position))
        {
            _behindSince = null;
        }
        else if (world.Now - (_behindSince ??= world.Now) > Behind && world.Now - world.AwakeSince > Behind)
        {
            oracle.HasHeardAll(_position);
        }
    }

    /// <summary>When nothing goes on any more, all events were heard.</summary>
    public void HasHeardAll() => oracle.HasHeardAll(_position);

    private async Task HearAsync(SimNode node)
    {
        try
        {
            await foreach (var e in node.Agents.EventsAsync(_position, CancellationToken.None))
            {
                if (world.Node != node || node.IsDead)
                {
                    return;
                }

                oracle.Heard(e, _position);
                _position = e.Position;
            }
        }
        catch (Exception error) when (IsAway(error))
        {
            // Listening begins again where it ended.
        }
    }

    private Task ReadOnceAsync()
    {
        var (tasks, sessions) = (oracle.Books.Tasks.Values.ToList(), oracle.Books.Sessions.Values.ToList());
        return _draw.Below(8) switch
        {
            0 => ReadTasksAsync(),
            1 => ReadDeadLettersAsync(),
            2 when sessions.Count > 0 => ReadAsync(sessions[_draw.Below(sessions.Count)]),
            3 or 4 when sessions.Count > 0 => ReadMailboxAsync(sessions[_draw.Below(sessions.Count)]),
            5 when sessions.Count > 0 => AskWronglyAsync(SessionId.Parse(sessions[0].Id)),
            _ when tasks.Count > 0 => ReadAsync(tasks[_draw.Below(tasks.Count)]),
            _ => Task.CompletedTask,
        };
    }

    private Task ReadAsync(BookedSession session) => HoldAsync(
        a => a.FindSessionAsync(SessionId.Parse(session.Id), CancellationToken.None), view => oracle.CheckView(session, view));

    private async Task ReadAsync(BookedTask task)
    {
        var id = TaskId.Parse(task.Id);
        await HoldAsync(a => a.FindTaskAsync(id, CancellationToken.None), view => oracle.CheckView(task, view));
        await HoldAsync(a => a.OutputAsync(id, CancellationToken.None), view => oracle.CheckOutput(task, view));
        await HoldAsync(a => a.ExplainAsync(id, CancellationToken.None), view => oracle.CheckExplained(task, view));
    }

    private Task ReadMailboxAsync(BookedSession session) => HoldAsync(
        a => a.MailboxAsync(SessionId.Parse(session.Id), CancellationToken.None), view => oracle.CheckMailbox(session, view));

    /// <summary>Twice: what is about to start loses its place before that is committed, and the pages are read one after the other.</summary>
    private Task ReadTasksAsync() => HoldAsync(
        async a => (await ListAsync(a), await ListAsync(a)),
        read => oracle.CheckTasks(read.Item2, arePlacesHeld: read.Item1.Select(v => v.Lane?.Place).SequenceEqual(read.Item2.Select(v => v.Lane?.Place))));

    private static async Task<List<TaskView>> ListAsync(IBackgroundAgents agents)
    {
        var all = new List<TaskView>();
        TaskId? after = null;
        while (true)
        {
            var page = await agents.TasksAsync(new TaskQuery(Session: null, Crew: null, Statuses: null, after, Page), CancellationToken.None);
            all.AddRange(page.Items);
            if (page.Next is null)
            {
                return all;
            }

            after = TaskId.Parse(page.Next);
        }
    }

    private Task ReadDeadLettersAsync() => HoldAsync(
        async a =>
        {
            var all = new List<WakeView>();
            for (string? after = null; ;)
            {
                var page = await a.DeadLettersAsync(after, Page, CancellationToken.None);
                all.AddRange(page.Items);
                if ((after = page.Next) is null)
                {
                    return all;
                }
            }
        },
        oracle.CheckDeadLetters);

    /// <summary>What must be refused, and leaves nothing behind.</summary>
    private async Task AskWronglyAsync(SessionId session)
    {
        var good = new Work($"wrong{_draw.Below(1000)}").From(session);
        var wrong = _draw.Below(7) switch
        {
            0 => good with { Priority = 101 },
            1 => good with { Prompt = TooLong },
            2 => good with { Prompt = " " },
            3 => good with { Deadline = TimeSpan.FromSeconds(-1) },
            4 => good with { Instance = "nowhere" },
            5 => good with { Model = "a model" },
            _ => good with { IdempotencyKey = new string('k', 256) },
        };
        try
        {
            oracle.Accepted(await world.AskAsync(a => a.DelegateAsync(wrong, CancellationToken.None)));
        }
        catch (Exception error) when (IsAway(error) || error is RefusedException { Refusal.Kind: RefusalKind.Invalid })
        {
        }
    }

    private static string TooLong { get; } = new('x', (512 * 1024) + 1);

    /// <summary>Reads, and compares where nothing was committed meanwhile and the node has not died.</summary>
    private async Task HoldAsync<T>(Func<IBackgroundAgents, Task<T>> read, Action<T> check)
    {
        var (commits, node) = (world.Journal.Commits.Count, world.Node);
        try
        {
            var view = await world.AskAsync(read);
            if (commits == world.Journal.Commits.Count && node == world.Node)
            {
                check(view);
            }
        }
        catch (Exception error) when (IsAway(error))
        {
        }
    }

    /// <summary>The store cannot be read now, or the node has been told to stop.</summary>
    private static bool IsAway(Exception error) => error is JournalUnavailableException or RefusedException { Refusal.Type: "stopping" };
}
