using System.Collections.Immutable;

namespace Rouse.Core.Tests;

/// <summary>A crew on virtual time and the verbs to tell a story about it. It keeps every event, so that a failing test can tell what happened.</summary>
internal sealed class CrewStory
{
    public static readonly DateTimeOffset Begin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Rules _rules;
    private readonly LaneLimits _lanes = new([new("slow", 1)]);

    public CrewStory(Rules? rules = null)
    {
        _rules = rules ?? Rules.Default;
        Root = Assert.IsType<Reply.SessionKnown>(Send(new RegisterSession(new Address("main", "root"), Parent: null, "lead", "/work"))).Session.Id;
    }

    public Crew Crew { get; private set; } = Crew.New(new CrewId("c"));

    public DateTimeOffset Now { get; private set; } = Begin;

    public SessionId Root { get; }

    public Decision Last { get; private set; } = null!;

    public List<Event> Events { get; } = [];

    public Wake WakeOf(SessionId session) =>
        Crew.MailboxOf(session) is { } m && (m.InFlight ?? m.NextWake) is { } number
            ? Crew.Wakes[number]
            : throw new InvalidOperationException($"No wake is owed to {session}. What happened:\n{Story}");

    public string Story => string.Join('\n', Events.Select(e => "  " + e));

    public Reply Send(Input input)
    {
        Last = Crew.Decide(input, new Moment(Now, _rules, Now));
        Crew = Last.Next;
        Events.AddRange(Last.Events);
        return Last.Reply;
    }

    public void After(TimeSpan time) => Now += time;

    public void Forget() => Crew = Crew.Forget();

    public AgentTask Task(AgentTask task) => Crew.Find(task.Id)!;

    public SessionId SessionOf(AgentTask task) => Task(task).Current.Session!.Value;

    public TaskSpec Spec(SessionId? from = null, string? description = "work", string? group = null, WakePolicy wake = WakePolicy.All) => new()
    {
        From = from ?? Root,
        Agent = "worker",
        Instance = "main",
        Prompt = Body.Of("do it").Ref,
        Goal = "do it",
        Description = description,
        Group = group,
        Wake = wake,
    };

    public Reply TryDelegate(TaskSpec spec) => Send(new Delegate(spec, _lanes.LanesOf(spec.Model), [Body.Of("do it")]));

    public AgentTask Delegate(TaskSpec spec) => Assert.IsType<Reply.TaskAccepted>(TryDelegate(spec)).Task;

    public AgentTask Delegate(SessionId? from = null, string? description = "work", string? group = null, WakePolicy wake = WakePolicy.All) =>
        Delegate(Spec(from, description, group, wake));

    /// <summary>A task whose prompt was admitted.</summary>
    public AgentTask Running(TaskSpec spec)
    {
        var task = Delegate(spec);
        Run(task);
        return Task(task);
    }

    public AgentTask Running(SessionId? from = null, string? description = "work", string? group = null, WakePolicy wake = WakePolicy.All) =>
        Running(Spec(from, description, group, wake));

    public void Run(AgentTask task)
    {
        var attempt = Task(task).Current.Number;
        Send(new StartAttempt(task.Id, attempt));
        SeeChild(task);
        Send(new PromptSeen(task.Id, attempt, "read back"));
    }

    public Reply SeeChild(AgentTask task, int? attempt = null)
    {
        var number = attempt ?? Task(task).Current.Number;
        return Send(new ChildSeen(task.Id, number, new Address("main", $"child{task.Id.Number}a{number}"), "/work"));
    }

    /// <param name="asOf">The version when the look began; null for the present one.</param>
    /// <param name="lookedAt">When the look began; null for just now.</param>
    public Reply See(SessionId session, Inspection inspection, TaskError? lastError = null, long? asOf = null, DateTimeOffset? lookedAt = null) =>
        Send(new SessionSeen(session, inspection, asOf ?? Crew.Version, lastError, _lanes.LanesOf, lookedAt));

    public Reply See(AgentTask task, params ReadOnlySpan<SeenMessage> after) =>
        See(SessionOf(task), Look.Idle(Now, [Look.Sent(Crew.AttemptKey(task.Id, Task(task).Current.Number), Now), .. after]));

    /// <summary>The task's session is seen idle with an answer.</summary>
    public Reply Answer(AgentTask task, string text = "done") => See(task, Look.Said(text, Now));

    public Reply Break(AgentTask task, FailureClass failure = FailureClass.Request, string reason = "bad-request") =>
        See(task, Look.Broke(new TaskError(failure, reason, $"it went wrong: {reason}"), Now));

    public Reply Fail(AgentTask task, FailureClass failure, string reason = "broken", bool mayRun = false) =>
        Send(new AttemptFailed(task.Id, Task(task).Current.Number, new TaskError(failure, reason, "it went wrong"), mayRun, _lanes.LanesOf));

    public Reply Cancel(AgentTask task, SessionId? by = null) => Send(new CancelTask(task.Id, by));

    public Wake Lease(SessionId session) => Assert.IsType<Reply.Leased>(Send(new LeaseWake(WakeOf(session).Id))).Wake;

    /// <summary>Claims the session's wake, sends it and reads it back.</summary>
    public Wake Deliver(SessionId session)
    {
        var wake = Lease(session);
        Send(new WakeSent(wake.Id, wake.Epoch, "live", Certain: true));
        Send(new WakeFound(wake.Id, "found"));
        return Crew.Find(wake.Id)!;
    }

    /// <summary>Delivers the session's wake, and the session answers it.</summary>
    public Wake Consume(SessionId session)
    {
        var wake = Deliver(session);
        See(session, Look.Idle(Now, Look.Sent(wake.Key, Now), Look.Said("taken in", Now)));
        return wake;
    }

    public IReadOnlyList<AgentTask> Told(Wake wake) => [.. wake.Notices.Select(n => Crew.Find(Crew.Find(n)!.Task)!)];

    public IReadOnlyList<string> Owes() => [.. Crew.Owes().Select(o => o.Key.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>The attempts that hold slots now.</summary>
    public IReadOnlyList<string> Slots() =>
        [.. Crew.Tasks.Values.SelectMany(t => t.Attempts.Where(t.Holds).Select(a => $"{t.Id.Number}a{a.Number}"))];

    public T Single<T>()
        where T : Event => Assert.Single(Last.Events.OfType<T>());
}
