using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What a commit writes beside its events: rows for queries, slots, and what is owed.</summary>
public sealed partial class Oracle
{
    private void CheckGuards(Commit commit)
    {
        foreach (var slot in commit.SlotsTaken)
        {
            var limit = _world.Options.Lanes.LimitOf(slot.Lane);
            if (limit is { } most && !commit.Guards.Any(g => g.Lane == slot.Lane && g.Limit == most))
            {
                Break(Rule.Lanes, $"a slot of {slot.Lane} is taken, and the commit is not guarded by its limit");
            }
        }
    }

    private void CheckRows(Commit commit)
    {
        foreach (var wake in _commit.Where(b => b.Wake is not null && b.Event.Type != "wake.dropped").Select(b => b.Wake!).Distinct())
        {
            var row = commit.Wakes.FirstOrDefault(w => w.Id.ToString() == wake.Id);
            if (wake.Phase != "dropped" && !string.Equals(row?.Phase.ToString(), wake.Phase.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            {
                Break(Rule.Projections, $"{wake.Id} is {wake.Phase}, and queries read that it is {row?.Phase.ToString() ?? "as before"}");
            }
        }

        foreach (var row in commit.Tasks)
        {
            var task = _books.Tasks[row.Id.ToString()];
            if (!string.Equals(row.Status.ToString(), task.Status, StringComparison.OrdinalIgnoreCase))
            {
                Break(Rule.Projections, $"queries read that {task.Id} is {row.Status}, and it is {task.Status}");
            }

            foreach (var attempt in task.Attempts)
            {
                var holds = task.Holds(attempt);
                if (holds ? !_books.HasSlots(task, attempt) : _books.HasAnySlot(task, attempt))
                {
                    Break(Rule.Lanes, $"attempt {attempt.Number} of {task.Id} ({task.Status}) {(holds ? "has no slot and may run" : "keeps a slot and cannot run")}");
                }
            }
        }

        foreach (var b in _commit)
        {
            if ((b.Notice is { } notice && commit.Notices.All(r => r.Id.ToString() != notice.Id))
                || (b.Session is { } session && commit.Sessions.All(r => r.Id.ToString() != session.Id)))
            {
                Break(Rule.Projections, $"{b.Event.Type} of {b.Notice?.Id ?? b.Session?.Id}, and queries read it as before");
            }

            if (b is { Wake: { } told, Event.Type: "wake.consumed" } && told.Notices.Find(n => commit.Notices.All(r => r.Id.ToString() != n.Id)) is { } read)
            {
                Break(Rule.Projections, $"{read.Id} was consumed, and queries read it as before");
            }
        }

        foreach (var row in commit.Notices)
        {
            if (row.Owed != _books.Notices[row.Id.ToString()].IsOwed)
            {
                Break(Rule.Projections, $"queries read that {row.Id} is {(row.Owed ? "" : "not ")}owed");
            }
        }
    }

    /// <summary>What is owed names what it needs: when it is due, where, and by which lanes.</summary>
    private void CheckOwedRows(Commit commit)
    {
        foreach (var owed in commit.Owed)
        {
            var isWake = owed.Kind is ObligationKind.Deliver or ObligationKind.Confirm;
            var task = isWake ? null : _books.Tasks[new TaskId(commit.Crew, owed.Subject).ToString()];
            var instance = isWake ? _books.Wakes[new WakeId(commit.Crew, owed.Subject).ToString()].Session.Instance : task!.Instance;
            var holds = owed.Kind switch
            {
                ObligationKind.Deadline => owed.Due == task!.Deadline,
                ObligationKind.Queue =>
                    owed.Instance == instance && owed.Priority == task!.Priority && Same(owed.Lanes, task.Current.Lanes) && owed.Due == default,
                ObligationKind.Resume => owed.Priority == task!.Priority && Same(owed.Lanes, task.Current.Lanes),
                ObligationKind.Deliver => owed.Instance == instance,
                _ => owed.Instance == instance && owed.Due == default,
            };
            if (!holds)
            {
                Break(Rule.NothingForgotten, $"what is owed is not what has to be done: {owed}");
            }
        }
    }

    /// <summary>No unfinished thing is without an obligation.</summary>
    private void CheckOwed(string crew)
    {
        foreach (var task in _books.Tasks.Values)
        {
            if (task.Crew == crew)
            {
                CheckOwed(crew, task);
            }
        }

        foreach (var wake in _books.Wakes.Values)
        {
            if (wake.IsOpen && wake.Crew == crew)
            {
                CheckOwed(crew, wake);
            }
        }
    }

    private void CheckOwed(string crew, BookedTask task)
    {
        foreach (var attempt in task.Attempts.Where(a => a.AbortOwed))
        {
            if (!_books.Owes(crew, "Abort", task.Number, attempt.Number))
            {
                Break(Rule.NothingForgotten, $"attempt {attempt.Number} of {task.Id} must be stopped, and nobody is to do it");
            }
        }

        if (!task.IsSettled)
        {
            var kind = task.Status switch { "queued" => "Queue", "starting" => "Start", _ => "Supervise" };
            if (!_books.Owes(crew, kind, task.Number, task.Current.Number))
            {
                Break(Rule.NothingForgotten, $"{task.Id} is {task.Status}, and no {kind} is owed for it");
            }

            if (task.Deadline is not null && !_books.Owes(crew, "Deadline", task.Number))
            {
                Break(Rule.NothingForgotten, $"the deadline of {task.Id} is owed by nobody");
            }
        }

        foreach (var notice in task.Notices.Where(n => n is { IsOwed: true, Wakes: true }))
        {
            var waits = task is { Failed: false, Wake: "all" } && Siblings(task).Any(t => !t.IsSettled);
            if (!waits && !notice.Session.Wakes.Exists(w => w is { Phase: "due", IsTimed: true } || w.Notices.Contains(notice)))
            {
                Break(Rule.NothingForgotten, $"{notice.Id} of {task.Id} is owed to {notice.Session.Id}, and no wake is to bring it");
            }
        }
    }

    private void CheckOwed(string crew, BookedWake wake)
    {
        var owed = wake.Phase switch
        {
            "due" when !wake.IsTimed => true,
            "due" => _books.Owes(crew, "Deliver", wake.Number) || (wake.Session.Task is { Status: "settling" } t && _books.Owes(crew, "Resume", t.Number)),
            "leased" => _books.Owes(crew, "Deliver", wake.Number),
            _ => _books.Owes(crew, "Confirm", wake.Number),
        };
        if (!owed)
        {
            Break(Rule.NothingForgotten, $"{wake.Id} is {wake.Phase}, and nobody is to go on with it");
        }
    }
}
