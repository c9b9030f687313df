using System.Collections.Immutable;

namespace Rouse.Core.Tests;

/// <summary>
/// What must be true after the events of a crew, kept by other means than the crew keeps its state: plain sets, filled from the events
/// alone. Where the two disagree, one of them is wrong.
/// </summary>
internal sealed class Ledger
{
    public Dictionary<int, TaskEntry> Tasks { get; } = [];

    public Dictionary<int, NoticeEntry> Notices { get; } = [];

    public Dictionary<int, WakeEntry> Wakes { get; } = [];

    public HashSet<int> GoneSessions { get; } = [];

    /// <summary>The task and attempt that run in a session.</summary>
    public Dictionary<int, (int Task, int Attempt)> Children { get; } = [];

    public HashSet<(int Task, int Attempt)> Slots { get; } = [];

    public HashSet<(int Task, int Attempt)> Aborts { get; } = [];

    /// <summary>Writes the event down; says what is wrong about it happening now.</summary>
    public IEnumerable<Violation> Enter(Event e)
    {
        switch (e)
        {
            case TaskDelegated x:
                Tasks[x.Task.Number] = new TaskEntry(x.Spec, x.Round);
                break;
            case AttemptStarted x:
                Slots.Add((x.Task.Number, x.Attempt));
                return Refuse(Tasks[x.Task.Number].Outcome is not null, Property.CancelledStaysCancelled, $"{x.Task} was started after its outcome");
            case ChildCreated x:
                Children[x.Session.Number] = (x.Task.Number, x.Attempt);
                break;
            case PromptAdmitted x:
                return Refuse(Tasks[x.Task.Number].Outcome is not null, Property.CancelledStaysCancelled, $"{x.Task} was admitted after its outcome");
            case TaskSettling x:
                Slots.Remove((x.Task.Number, Tasks[x.Task.Number].Attempts));
                break;
            case TaskResumed x:
                Slots.Add((x.Task.Number, Tasks[x.Task.Number].Attempts));
                break;
            case AttemptReplaced x:
                End(x.Task.Number, x.Attempt, x.AbortOwed);
                Tasks[x.Task.Number].Attempts++;
                return Refuse(Tasks[x.Task.Number].Outcome is not null, Property.CancelledStaysCancelled, $"{x.Task} got an attempt after its outcome");
            case AttemptEnded x:
                Slots.Remove((x.Task.Number, x.Attempt));
                Aborts.Remove((x.Task.Number, x.Attempt));
                break;
            case TaskSettled x:
                return Settle(x);
            case SessionGone x:
                GoneSessions.Add(x.Session.Number);
                break;
            case NoticePosted x:
                Notices[x.Notice.Number] = new NoticeEntry(x.Session.Number, x.Task.Number, x.Wakes);
                break;
            case NoticeAcknowledged x:
                Finish(x.Notice.Number, NoticeState.Acknowledged);
                break;
            case NoticeDeadLettered x:
                Finish(x.Notice.Number, NoticeState.DeadLettered);
                break;
            case WakeDue x:
                Wakes[x.Wake.Number] = new WakeEntry(x.Session.Number);
                break;
            case WakeDropped x:
                Wakes.Remove(x.Wake.Number);
                break;
            case WakeLeased x:
                Wakes[x.Wake.Number].Phase = WakePhase.Leased;
                Wakes[x.Wake.Number].Notices = x.Notices;
                return Lease(x);
            case WakeReleased x:
                Wakes[x.Wake.Number].Phase = WakePhase.Due;
                Wakes[x.Wake.Number].Notices = [];
                break;
            case WakeDispatched x:
                Wakes[x.Wake.Number].Phase = WakePhase.Dispatched;
                break;
            case WakeAdmitted x:
                Wakes[x.Wake.Number].Phase = WakePhase.Admitted;
                break;
            case WakeConsumed x:
                Close(x.Wake.Number, WakePhase.Consumed, NoticeState.Consumed, []);
                break;
            case WakeDeadLettered x:
                Close(x.Wake.Number, WakePhase.DeadLettered, NoticeState.DeadLettered, x.Notices);
                break;
        }

        return [];
    }

    public bool IsOpen(int task) => Tasks[task].Outcome is null;

    public IEnumerable<KeyValuePair<int, NoticeEntry>> Owed => Notices.Where(n => n.Value.Ended is null);

    public IEnumerable<KeyValuePair<int, WakeEntry>> OpenWakes => Wakes.Where(w => w.Value.Phase is not (WakePhase.Consumed or WakePhase.DeadLettered));

    /// <summary>The notices that wakes in flight bring.</summary>
    public HashSet<int> Brought() => [.. OpenWakes.SelectMany(w => w.Value.Notices).Select(n => n.Number)];

    /// <summary>Whether somebody reads what is told to the session.</summary>
    public bool IsLiving(int session) =>
        !GoneSessions.Contains(session)
        && (!Children.TryGetValue(session, out var run) || (IsOpen(run.Task) && Tasks[run.Task].Attempts == run.Attempt));

    private IEnumerable<Violation> Lease(WakeLeased x)
    {
        foreach (var notice in x.Notices.Where(n => Notices[n.Number].Ended is not null))
        {
            yield return new(Property.NoticesEndOnce, $"{x.Wake} brings {notice}, which had ended");
        }

        foreach (var notice in x.Notices.Where(n => OpenWakes.Any(w => w.Key != x.Wake.Number && w.Value.Notices.Contains(n))))
        {
            yield return new(Property.NoticesEndOnce, $"{x.Wake} brings {notice}, which another wake brings too");
        }

        if (!x.Notices.Any(n => Notices[n.Number].Wakes))
        {
            yield return new(Property.NothingOwedIsForgotten, $"{x.Wake} was claimed and brings nothing that wakes");
        }
    }

    private IEnumerable<Violation> Settle(TaskSettled x)
    {
        var task = Tasks[x.Task.Number];
        if (task.Outcome is not null)
        {
            yield return new(Property.OneOutcome, $"{x.Task} was settled twice: {task.Outcome.Status}, then {x.Outcome.Status}");
        }

        if (x.Outcome.Status == AgentTaskStatus.Completed && Children.FirstOrDefault(c => c.Value == (x.Task.Number, task.Attempts)).Key is var session)
        {
            if (Tasks.FirstOrDefault(t => t.Value.Spec.From.Number == session && t.Value.Outcome is null).Value is { } open)
            {
                yield return new(Property.CompletionIsQuiescent, $"{x.Task} completed while '{open.Spec.Description}' was open");
            }

            if (Owed.FirstOrDefault(n => n.Value.Session == session && (n.Value.Wakes || Brought().Contains(n.Key))) is { Value: { } } owed)
            {
                yield return new(Property.CompletionIsQuiescent, $"{x.Task} completed while its session was owed notice {owed.Key}");
            }
        }

        task.Outcome = x.Outcome;
        End(x.Task.Number, task.Attempts, x.AbortOwed);
    }

    /// <summary>An owed abort goes on holding what was held; it takes nothing.</summary>
    private void End(int task, int attempt, bool abortOwed)
    {
        if (abortOwed)
        {
            Aborts.Add((task, attempt));
        }
        else
        {
            Slots.Remove((task, attempt));
        }
    }

    private void Close(int wake, WakePhase phase, NoticeState state, ImmutableArray<NoticeId> also)
    {
        Wakes[wake].Phase = phase;
        foreach (var notice in Wakes[wake].Notices.Concat(also))
        {
            Finish(notice.Number, state);
        }
    }

    private void Finish(int notice, NoticeState state) => Notices[notice].Ended ??= state;

    private static IEnumerable<Violation> Refuse(bool wrong, Property property, string what) => wrong ? [new Violation(property, what)] : [];
}

internal sealed class TaskEntry(TaskSpec spec, int round)
{
    public TaskSpec Spec => spec;

    public int Round => round;

    public int Attempts { get; set; } = 1;

    public Outcome? Outcome { get; set; }
}

internal sealed class NoticeEntry(int session, int task, bool wakes)
{
    public int Session => session;

    public int Task => task;

    public bool Wakes => wakes;

    public NoticeState? Ended { get; set; }
}

internal sealed class WakeEntry(int session)
{
    public int Session => session;

    public WakePhase Phase { get; set; }

    public ImmutableArray<NoticeId> Notices { get; set; } = [];

    public DateTimeOffset AdmittedAt { get; set; }
}
