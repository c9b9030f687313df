namespace Rouse.Core;

public sealed partial record Crew
{
    /// <summary>
    /// The state without what is over: settled tasks of which nothing is owed any more, with their sessions, notices and wakes. Queries read
    /// projections, so nothing is lost; a long-lived crew stays small.
    /// </summary>
    public Crew Forget()
    {
        var owed = Notices.Values.Where(n => n.IsOwed).Select(n => n.Task.Number)
            .Concat(Wakes.Values.Where(w => w.IsOpen).SelectMany(NamedBy))
            .ToHashSet();
        var untold = Notices.Values.Where(n => n.State == NoticeState.Waiting).Select(n => RoundOf(Tasks[n.Task.Number])).ToHashSet();
        var over = Tasks.Values.Where(t =>
                t.IsSettled && (!owed.Contains(t.Id.Number) || Sabotage.ForgetsWhatIsOwed) && t.Attempts.All(a => a is { Phase: AttemptPhase.Ended, AbortOwed: false })
                && t.Attempts.All(a => a.Session is not { } s || Under(s).All(u => MailboxOf(u).IsEmpty))
                && !WillBeMentioned(t, untold))
            .Select(t => t.Id.Number).ToHashSet();
        if (over.Count == 0)
        {
            return this;
        }

        var left = Tasks.RemoveRange(over);
        var kept = Sessions.Values.Where(s => s.Task is not { } t || left.ContainsKey(t.Number)).Select(s => s.Parent)
            .Concat(left.Values.Select(t => (SessionId?)t.Spec.From)).ToHashSet();
        var sessions = Sessions.Values.Where(s => s.Task is { } t && !left.ContainsKey(t.Number) && !kept.Contains(s.Id)).Select(s => s.Id.Number).ToHashSet();
        return this with
        {
            Tasks = left,
            Sessions = Sessions.RemoveRange(sessions),
            Mailboxes = Mailboxes.RemoveRange(sessions),
            Notices = Notices.RemoveRange(Notices.Values.Where(n => over.Contains(n.Task.Number)).Select(n => n.Id.Number)),
            Wakes = Wakes.RemoveRange(Wakes.Values.Where(w => !w.IsOpen).Select(w => w.Id.Number)),
            Keys = Keys.RemoveRange(Keys.Where(k => over.Contains(k.Value)).Select(k => k.Key)),
        };
    }

    /// <summary>The tasks that a wake tells of: it may have to be sent again as it was.</summary>
    private IEnumerable<int> NamedBy(Wake wake) =>
        wake.Notices.Select(Find).OfType<Notice>().Select(n => n.Task).Concat(wake.Mentions).Concat(wake.StillOpen).Select(t => t.Number);

    /// <summary>The last wake of a group names the failures that were told before: they are kept until it is claimed.</summary>
    private bool WillBeMentioned(AgentTask task, HashSet<(SessionId From, string Group, int Round)> untold) =>
        task.Status is AgentTaskStatus.Failed or AgentTaskStatus.Lost && CanRead(task.Spec.From)
        && (untold.Contains(RoundOf(task)) || MailboxOf(task.Spec.From).Rounds.GetValueOrDefault(task.Spec.Group ?? "")?.Number == task.Round);

    private static (SessionId From, string Group, int Round) RoundOf(AgentTask task) => (task.Spec.From, task.Spec.Group ?? "", task.Round);
}
