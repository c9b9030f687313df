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
            .Concat(Wakes.Values.Where(w => w.IsOpen).SelectMany(w => w.Notices.Select(n => n.Number).Where(Notices.ContainsKey).Select(n => Notices[n].Task.Number)))
            .ToHashSet();
        var over = Tasks.Values.Where(t =>
                t.IsSettled && !owed.Contains(t.Id.Number) && t.Attempts.All(a => a.Phase == AttemptPhase.Ended)
                && t.Attempts.All(a => a.Session is not { } s || MailboxOf(s).IsEmpty)
                && !IsMentioned(t))
            .Select(t => t.Id.Number).ToHashSet();
        if (over.Count == 0)
        {
            return this;
        }

        var sessions = Sessions.Values.Where(s => s.Task is { } t && over.Contains(t.Number) && !HasChildren(s, over)).Select(s => s.Id.Number).ToHashSet();
        return this with
        {
            Tasks = Tasks.RemoveRange(over),
            Sessions = Sessions.RemoveRange(sessions),
            Mailboxes = Mailboxes.RemoveRange(sessions),
            Notices = Notices.RemoveRange(Notices.Values.Where(n => over.Contains(n.Task.Number)).Select(n => n.Id.Number)),
            Wakes = Wakes.RemoveRange(Wakes.Values.Where(w => !w.IsOpen).Select(w => w.Id.Number)),
            Keys = Keys.RemoveRange(Keys.Where(k => over.Contains(k.Value)).Select(k => k.Key)),
        };
    }

    /// <summary>The last wake of a group names the failures that were told before: they are kept while their round is open.</summary>
    private bool IsMentioned(AgentTask task)
    {
        var round = MailboxOf(task.Spec.From).RoundOf(task.Spec.Group ?? "");
        return round.Number == task.Round && round.Open > 0;
    }

    private bool HasChildren(Session session, HashSet<int> over) =>
        Sessions.Values.Any(s => s.Parent == session.Id && !(s.Task is { } t && over.Contains(t.Number)));
}
