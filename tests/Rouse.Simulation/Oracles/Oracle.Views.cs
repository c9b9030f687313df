using System.Text;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What is read is what happened: each view against the books, and each event against the journal.</summary>
public sealed partial class Oracle
{
    public void CheckView(BookedSession session, SessionView? view)
    {
        if (view is null || view.Depth != session.Depth || view.Parent?.ToString() != session.Parent?.Id || view.Task?.ToString() != session.Task?.Id
            || view.GoneAt is null == session.Gone || view.Address.Id != session.Address || view.Directory != session.Directory)
        {
            Break(Rule.Projections, $"{session.Id} is read as {view}; it is at depth {session.Depth}{(session.Gone ? ", gone" : "")}");
        }
    }

    public void CheckView(BookedTask task, TaskView? view)
    {
        if (view is null || !Is(view.Status, task.Status) || view.SettledAt is null == task.IsSettled || view.Attempts.Count != task.Attempts.Count
            || view.Deadline != task.Deadline || view.Priority != task.Priority || view.From.ToString() != task.From.Id || view.Instance != task.Instance
            || view.Outcome is null == task.IsSettled || view.Outcome?.Reason != task.Reason || view.Outcome?.Error?.Reason != task.Error?.Reason
            || (view.Outcome is { } o && (o.Partial != task.Partial || o.Truncated != task.Truncated)) || !Same(view.Lane?.Names ?? [], task.Current.Lanes))
        {
            Break(Rule.Projections, $"{task.Id} ({task.Status}, {task.Reason}) is read as {view}");
        }

        foreach (var (attempt, shown) in task.Attempts.Zip(view.Attempts))
        {
            if (shown.Model != attempt.Model || shown.Session?.Id != attempt.Session?.Address || (attempt.Error is { } error && shown.Error?.Reason != error.Reason))
            {
                Break(Rule.Projections, $"attempt {attempt.Number} of {task.Id} ({attempt.Model}, {attempt.Session?.Address}, {attempt.Error}) is read as {shown}");
            }
        }
    }

    public void CheckOutput(BookedTask task, OutputView? view)
    {
        var hash = task.Output ?? task.LateResult;
        var text = hash is null ? "" : _world.Journal.Body(new BodyRef(hash, Size: 0));
        if (view is null || view.Text != text || view.Size != Encoding.UTF8.GetByteCount(text) || view.Partial != (task.Status != "completed") || view.Truncated != task.Truncated)
        {
            Break(Rule.Projections, $"the output of {task.Id} ({task.Status}) is read as {view}; it is '{text}'");
        }
    }

    /// <summary>What it waits for is known a moment after the commit, and only to a node whose store answers.</summary>
    public void CheckExplained(BookedTask task, ExplainView? view)
    {
        if (view is null || !view.State.Contains(task.Status, StringComparison.Ordinal) || (ChecksRefusals && _world.Now - _committedAt > Choice && view.Reasons is []))
        {
            Break(Rule.Projections, $"{task.Id}, which is {task.Status}, is explained by '{view?.State}' and {view?.Reasons.Count ?? 0} reasons");
        }
    }

    public void CheckMailbox(BookedSession session, IReadOnlyList<NoticeView>? view)
    {
        if (view is null || !Same(view.Select(n => n.Id.ToString()), session.Notices.Select(n => n.Id)))
        {
            Break(Rule.Projections, $"the mailbox of {session.Id} is read as {string.Join(", ", view?.Select(n => n.Id.ToString()) ?? [])}");
        }

        foreach (var (notice, shown) in session.Notices.Zip(view))
        {
            var state = shown.State switch { NoticeState.Waiting or NoticeState.Sent => "owed", NoticeState.DeadLettered => "dead-lettered", var s => s.ToString() };
            if (!Is(state, notice.State) || shown.Owed != notice.IsOwed || shown.Wakes != notice.Wakes || shown.Task.ToString() != notice.Task.Id
                || (notice.Wake is { } wake && shown.Wake?.Id.ToString() != wake.Id))
            {
                Break(Rule.Projections, $"{notice.Id} ({notice.State}, {notice.Wake?.Id}) is read as {shown}");
            }

            if (notice.Wake is { } brings && shown.Wake is { } read
                && (!Is(read.Phase, brings.Phase.Replace("-", "", StringComparison.Ordinal)) || read.Epoch != brings.Epoch || read.Sends != brings.Sends))
            {
                Break(Rule.Projections, $"{brings.Id} ({brings.Phase}, epoch {brings.Epoch}) is read as {read}");
            }
        }
    }

    /// <summary>All of them once, each crew's in order; and among those that wait for the same lanes each has its place.</summary>
    public void CheckTasks(IReadOnlyList<TaskView> views, bool arePlacesHeld)
    {
        if (views.Count != _books.Tasks.Count || views.Any(v => !_books.Tasks.ContainsKey(v.Id.ToString())) || views.Select(v => v.Id).Distinct().Count() != views.Count
            || views.GroupBy(v => v.Crew).Any(c => !Same(c.Select(v => v.Id.Number), c.Select(v => v.Id.Number).Order())))
        {
            Break(Rule.Projections, $"{_books.Tasks.Count} tasks are read as {string.Join(", ", views.Select(v => v.Id))}");
        }

        foreach (var lane in views.Where(v => arePlacesHeld && v.Lane is { Place: not null }).GroupBy(v => string.Join(' ', v.Lane!.Names)))
        {
            var places = lane.Select(v => v.Lane!.Place!.Value).ToList();
            if (places.Distinct().Count() != places.Count || places.Min() < 1
                || lane.Any(a => lane.Any(b => a.Priority > b.Priority && a.CreatedAt < b.CreatedAt && a.Attempts.Count + b.Attempts.Count == 2 && a.Lane!.Place > b.Lane!.Place)))
            {
                Break(Rule.Projections, $"the places in {lane.Key} are {string.Join(", ", lane.Select(v => $"{v.Id}: {v.Lane!.Place}"))}");
            }
        }
    }

    public void CheckDeadLetters(IReadOnlyList<WakeView> views)
    {
        var dead = _books.Wakes.Values.Where(w => w.Phase == "dead-lettered").ToDictionary(w => w.Id, StringComparer.Ordinal);
        if (views.Count != dead.Count || views.Any(v => !dead.TryGetValue(v.Id.ToString(), out var wake) || v.DeadLetter != wake.DeadLetter))
        {
            Break(Rule.Projections, $"the dead letters are read as {string.Join(", ", views.Select(v => v.Id))}; they are {string.Join(", ", dead.Keys)}");
        }
    }

    /// <summary>A listener heard the next event.</summary>
    public void Heard(EventView heard, long after)
    {
        if (heard.Position != after + 1 || heard.Position > _events.Count || _events[(int)heard.Position - 1] != (heard.Crew.ToString(), heard.Type))
        {
            Break(Rule.Events, $"after event {after} comes {heard.Position} of {_events.Count}, {heard.Type} of {heard.Crew}");
        }
    }

    public bool IsBehind(long position) => position != _events.Count;

    public void HasHeardAll(long position)
    {
        if (position != _events.Count)
        {
            Break(Rule.Events, $"{position} of {_events.Count} events were heard");
        }
    }

    /// <summary>A request was accepted that must not be.</summary>
    public void Accepted(Delegated reply) => Break(Rule.Limits, $"{reply.Task.Id} was accepted, and its request is not valid");

    private static bool Is(object word, string booked) => string.Equals(word.ToString(), booked, StringComparison.OrdinalIgnoreCase);
}
