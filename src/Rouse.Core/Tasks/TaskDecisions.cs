using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>Decisions about tasks as a whole: accepting one, ending one. There is one place where a task ends.</summary>
internal static class TaskDecisions
{
    public static Reply Delegate(Deciding d, Delegate x)
    {
        var spec = x.Spec;
        if (d.Crew.Find(spec.From) is not { } from)
        {
            return Refuse("unknown-session", $"The session {spec.From} is not known.");
        }

        if (spec.Key is { } key && d.Crew.Keys.TryGetValue(Crew.KeyOf(spec.From, key), out var number) && d.Crew.Tasks.GetValueOrDefault(number) is { } earlier)
        {
            return earlier.Spec.Fingerprint == spec.Fingerprint || Sabotage.AcceptsAnotherRequestUnderItsKey
                ? new Reply.TaskAccepted(earlier, Created: false)
                : Refuse("idempotency-key-reused", $"The idempotency key '{key}' made {earlier.Id} with another request.");
        }

        if (!d.Crew.CanRead(spec.From) && !Sabotage.AcceptsWorkOfARunThatIsOver)
        {
            return from.IsGone
                ? Refuse("session-gone", $"The session {spec.From} is gone: there is nobody to wake.")
                : Refuse("task-settled", $"The run of {from.Task} in {spec.From} is over: there is nobody to wake.");
        }

        if (CheckLimits(d, from) is { } refused)
        {
            return refused;
        }

        var id = new TaskId(d.Crew.Id, d.NextNumber);
        d.Keep(x.Bodies);
        d.Add(new TaskDelegated(id, spec, d.Crew.MailboxOf(spec.From).RoundOf(spec.Group ?? "").Number, x.Lanes));
        MailboxDecisions.Reconsider(d, spec.From);
        return new Reply.TaskAccepted(d.Crew.Find(id)!, Created: true);
    }

    public static Reply Cancel(Deciding d, CancelTask x)
    {
        if (d.Crew.Find(x.Task) is not { } task)
        {
            return new Reply.Ignored("the task is not known");
        }

        if (task.IsSettled)
        {
            return new Reply.Cancelled([new CancelledItem(task.Id, task.Status, task.Status)]);
        }

        return new Reply.Cancelled(End(d, [task], x.By, "cancelled"));
    }

    public static Reply CancelAll(Deciding d, CancelAll x) => new Reply.Cancelled(CancelDelegated(d, x.Session, x.By, "cancelled"));

    public static Reply PassDeadline(Deciding d, DeadlinePassed x)
    {
        if (d.Crew.Find(x.Task) is not { IsSettled: false } task || task.Spec.Deadline is not { } deadline)
        {
            return new Reply.Ignored("the task has settled or has no deadline");
        }

        if (d.Now < deadline)
        {
            return new Reply.LookAgain(deadline - d.Now, "the deadline is not reached");
        }

        var error = new TaskError(FailureClass.Aborted, "deadline", $"The task had not settled by its deadline, {deadline:O}.");
        Settle(d, task, new Outcome { Status = AgentTaskStatus.Failed, Reason = "deadline", Error = error }, MayRun(task) && !Sabotage.LetsItWorkOnAfterItsDeadline);
        return new Reply.Done();
    }

    /// <summary>Cancels every open task that a session delegated, and everything under them.</summary>
    public static ImmutableArray<CancelledItem> CancelDelegated(Deciding d, SessionId session, SessionId? by, string reason) =>
        End(d, [.. d.Crew.MailboxOf(session).Open.Select(n => d.Crew.Tasks[n])], by, reason);

    /// <summary>
    /// The one place where a task ends. In one commit: the outcome, the end of everything under it, its settled notice, and the wake that is owed for it.
    /// </summary>
    public static void Settle(Deciding d, AgentTask task, Outcome outcome, bool abortOwed, SessionId? by = null)
    {
        d.Add(new TaskSettled(task.Id, task.Run, outcome, (abortOwed || IsWoken(d.Crew, task.Current)) && !Sabotage.ForgetsToAbort));
        foreach (var session in task.Attempts.Where(a => a.Session is not null).Select(a => a.Session!.Value))
        {
            Leave(d, session, "parent-settled");
        }

        var notice = new NoticeId(d.Crew.Id, d.NextNumber);
        var to = Sabotage.RoutesByLastUse ? d.Crew.Sessions.Values.Last().Id : task.Spec.From;
        var toldByReply = outcome.Status == AgentTaskStatus.Cancelled && by == task.Spec.From;
        if (!(Sabotage.TellsNobodyOfACancellation && outcome.Status == AgentTaskStatus.Cancelled))
        {
            var wakes = (task.Spec.Wake != WakePolicy.None || Sabotage.WakesWhoeverWantsNone) && (!toldByReply || Sabotage.WakesForItsOwnCancel);
            d.Add(new NoticePosted(notice, to, NoticeKind.Settled, task.Id, task.Run, wakes));
        }

        if (!Sabotage.PostsANoticeWithoutItsWake)
        {
            MailboxDecisions.Reconsider(d, to);
        }
    }

    /// <summary>Nobody works for the task in this session any more: what it delegated ends, and its mailbox has no reader.</summary>
    public static void Leave(Deciding d, SessionId session, string reason)
    {
        foreach (var under in d.Crew.Under(session).ToList())
        {
            if (!Sabotage.CancelsOnlyTheTaskItself)
            {
                CancelDelegated(d, under, by: null, reason);
            }

            MailboxDecisions.Close(d, under);
        }
    }

    /// <summary>Whether a session of the task may be at work, or may be about to come into being.</summary>
    public static bool MayRun(AgentTask task) =>
        task.Current.Phase is AttemptPhase.Starting or AttemptPhase.Created or AttemptPhase.Admitted && task.Status != AgentTaskStatus.Settling;

    /// <summary>Whether a wake is on its way or at work where the attempt runs or below: its turn goes on, also when the attempt's own is over.</summary>
    public static bool IsWoken(Crew crew, Attempt attempt) =>
        attempt.Session is { } session && !Sabotage.TakesARestingSessionForStill && crew.Under(session).Any(u => crew.MailboxOf(u).InFlight is not null);

    private static ImmutableArray<CancelledItem> End(Deciding d, ImmutableArray<AgentTask> tasks, SessionId? by, string reason)
    {
        var items = ImmutableArray.CreateBuilder<CancelledItem>();
        foreach (var task in tasks.SelectMany(t => Sabotage.CancelsOnlyTheTaskItself ? [t] : Subtree(d.Crew, t)).ToList())
        {
            if (d.Crew.Find(task.Id) is { IsSettled: false } open)
            {
                Settle(d, open, new Outcome { Status = AgentTaskStatus.Cancelled, Reason = reason }, MayRun(open), by);
            }

            items.Add(new CancelledItem(task.Id, task.Status, d.Crew.Find(task.Id)!.Status));
        }

        return items.ToImmutable();
    }

    /// <summary>The open tasks under a task, itself first.</summary>
    private static IEnumerable<AgentTask> Subtree(Crew crew, AgentTask task) =>
        task.Attempts.Where(a => a.Session is not null)
            .SelectMany(a => crew.Under(a.Session!.Value)).SelectMany(s => crew.MailboxOf(s).Open)
            .SelectMany(n => Subtree(crew, crew.Tasks[n]))
            .Prepend(task);

    private static Reply.Refused? CheckLimits(Deciding d, Session from)
    {
        var depth = from.Depth + 1;
        if (depth > d.Rules.Depth)
        {
            return Refuse(
                "depth-limit",
                $"A delegation by {from.Id} would be at depth {depth}, and the limit is {d.Rules.Depth} (its parent is {from.Parent?.ToString() ?? "none"}). "
                + "Continue an existing task instead, or do the work in this session.",
                "depth", d.Rules.Depth);
        }

        if (d.Rules.OpenDescendants > 0 && d.Crew.OpenTasks >= d.Rules.OpenDescendants + (Sabotage.AllowsOneTaskTooMany ? 1 : 0))
        {
            return Refuse(
                "descendant-limit", $"The crew {d.Crew.Id} has {d.Crew.OpenTasks} open tasks, and the limit is {d.Rules.OpenDescendants}. Try again when one has settled.",
                "openDescendants", d.Rules.OpenDescendants);
        }

        return null;
    }

    private static Reply.Refused Refuse(string type, string detail, string? limit = null, long? value = null) =>
        new(new RefusalReason(type, detail, limit, value));
}
