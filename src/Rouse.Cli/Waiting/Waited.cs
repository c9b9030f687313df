using Rouse.Cli.Client;
using Rouse.Cli.Output;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Cli.Waiting;

/// <summary>What a waiter waits for, as it was at the last look.</summary>
internal sealed class Waited
{
    private static readonly string[] Open = ["queued", "starting", "running", "settling"];
    private readonly RouseClient _client;
    private readonly SessionId? _session;
    private readonly SortedDictionary<TaskId, TaskView?> _tasks = [];
    private readonly HashSet<TaskId> _told = [];
    private IReadOnlyList<NoticeView> _notices = [];

    private Waited(RouseClient client, SessionId? session, IEnumerable<TaskId> tasks)
    {
        _client = client;
        _session = session;
        foreach (var task in tasks)
        {
            _tasks[task] = null;
        }
    }

    public IEnumerable<TaskView> Tasks => _tasks.Values.OfType<TaskView>();

    /// <summary>Everything completed, and no wake ended as a dead letter.</summary>
    public bool AllWell => Tasks.All(t => t.Status == AgentTaskStatus.Completed) && !DeadLetters.Any();

    /// <summary>What will never arrive.</summary>
    public IEnumerable<NoticeView> DeadLetters => _notices.Where(n => n.State == NoticeState.DeadLettered);

    /// <summary>The crew of all that is waited for; null where there are several.</summary>
    public CrewId? OnlyCrew =>
        _session is { } session ? session.Crew
        : _tasks.Keys.Select(t => t.Crew).Distinct().ToList() is [var crew] ? crew
        : null;

    public static Waited ForTasks(RouseClient client, IEnumerable<TaskId> tasks) => new(client, session: null, tasks);

    /// <summary>All that is open or on its way at a look; what a session was told before is not waited for.</summary>
    public static Waited ForSession(RouseClient client, SessionId session) => new(client, session, []);

    public bool Concerns(CrewId crew) => _session?.Crew == crew || _tasks.Keys.Any(t => t.Crew == crew);

    /// <summary>Reads the present state; true when nothing is left to wait for.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (_session is { } session)
        {
            await FindOpenAsync(session, cancellationToken);
        }

        foreach (var (id, known) in _tasks.ToList())
        {
            if (known is null || !known.Status.IsSettled())
            {
                _tasks[id] = (await _client.TaskAsync(id, cancellationToken)).Value;
            }
        }

        if (Tasks.Any(t => !t.Status.IsSettled()))
        {
            return false;
        }

        var notices = new List<NoticeView>();
        foreach (var from in Tasks.Select(t => t.From).Distinct())
        {
            var mailbox = await _client.MailboxAsync(from, cancellationToken);
            notices.AddRange(mailbox.Value.Items.Where(n => _tasks.ContainsKey(n.Task)));
        }

        _notices = notices;
        return notices.All(HasArrived);
    }

    /// <summary>Tasks that were seen settled for the first time.</summary>
    public IEnumerable<TaskView> NewlySettled() => Tasks.Where(t => t.Status.IsSettled() && _told.Add(t.Id)).ToList();

    public string WhatIsOpen()
    {
        var open = Tasks.Where(t => !t.Status.IsSettled()).Select(t => $"{t.Id} is {t.Status.ToString().ToLowerInvariant()}").ToList();
        if (open.Count > 0)
        {
            return string.Join(", ", open);
        }

        var onTheWay = _notices.Where(n => !HasArrived(n))
            .Select(n => n.Wake is { } wake ? $"{wake.Id} is {wake.Phase.ToString().ToLowerInvariant()}" : $"{n.Id} waits for its wake")
            .Distinct(StringComparer.Ordinal).ToList();
        return onTheWay.Count > 0 ? string.Join(", ", onTheWay) : "no answer came yet";
    }

    /// <summary>In the session's history, read by it, or given up where people see it. One that wakes nobody is not waited for.</summary>
    private static bool HasArrived(NoticeView notice) =>
        !notice.Wakes
        || !notice.Owed
        || notice.Wake?.Phase is WakePhase.Admitted or WakePhase.Consumed or WakePhase.DeadLettered;

    private async Task FindOpenAsync(SessionId session, CancellationToken cancellationToken)
    {
        for (string? after = null; ;)
        {
            var page = (await _client.TasksAsync(new TaskFilter(Session: session, Statuses: Open), new Paging(after), cancellationToken)).Value;
            foreach (var task in page.Items)
            {
                _tasks[task.Id] = task;
            }

            after = page.Next;
            if (after is null)
            {
                break;
            }
        }

        var mailbox = await _client.MailboxAsync(session, cancellationToken);
        foreach (var notice in mailbox.Value.Items.Where(n => !HasArrived(n)))
        {
            _tasks.TryAdd(notice.Task, null);
        }
    }
}
