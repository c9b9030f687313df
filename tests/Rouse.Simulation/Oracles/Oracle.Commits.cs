using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What must hold of every commit.</summary>
public sealed partial class Oracle
{
    private readonly List<Booked> _commit = [];

    private void AfterCommit(Commit commit)
    {
        _books.BookRows(commit);
        _commit.Clear();
        foreach (var e in commit.Events)
        {
            var booked = _books.Book(e);
            _commit.Add(booked);
            CheckEvent(booked);
        }

        CheckSettled();
        CheckGuards(commit);
        foreach (var b in _commit)
        {
            switch (b.Event.Type)
            {
                case "attempt.replaced":
                    ProbeOldAttempt(b.Task!);
                    break;
                case "wake.leased":
                    ProbeOldEpoch(b.Wake!);
                    break;
            }
        }

        foreach (var open in _gone.SelectMany(s => s.Under).SelectMany(s => s.Delegated).Where(t => !t.IsSettled))
        {
            Break(Rule.Quiescent, $"{open.Id} is open, and the session that delegated it is gone");
        }

        CheckRows(commit);
        CheckOwed(commit.Crew.Stem);
        foreach (var guarded in commit.SlotsTaken)
        {
            if (_world.Options.Lanes.LimitOf(guarded.Lane) is { } limit && _books.Held[guarded.Lane] > limit)
            {
                Break(Rule.Lanes, $"{_books.Held[guarded.Lane]} slots of the lane {guarded.Lane} are held, and its limit is {limit}");
            }
        }
    }

    private void CheckEvent(Booked b)
    {
        switch (b.Event.Type)
        {
            case "task.delegated":
                CheckDelegated(b.Task!);
                break;
            case "task.settled" when b.WasSettled:
                Break(Rule.OneOutcome, $"{b.Task!.Id} was settled again, as {b.Task.Status}");
                break;
            case "attempt.started" or "attempt.prompt-admitted" or "attempt.replaced" or "task.settling" or "task.resumed" when b.WasSettled:
                Break(Rule.OneOutcome, $"{b.Event.Type} of {b.Task!.Id}, which was settled");
                break;
            case "attempt.child-created":
                CheckChild(b.Task!, b.Session!);
                break;
            case "wake.due" or "wake.leased":
                CheckInFlight(b.Wake!);
                if (b.Event.Type == "wake.leased")
                {
                    b.Wake!.LeasedAt = _world.Now;
                    CheckLease(b.Wake!);
                }

                break;
            case "attempt.started":
                CheckOrder(b.Task!);
                break;
            case "attempt.replaced":
                CheckReplaced(b.Task!);
                break;
            case "attempt.ended":
                CheckEnded(b.Task!);
                break;
            case "session.gone":
                CheckGone(b.Session!);
                break;
            case "wake.dead-lettered":
                CheckDeadLetter(b.Wake!);
                break;
            case "wake.dispatched" when b.WakeWas is not ("leased" or "dispatched"):
                Break(Rule.Epoch, $"{b.Wake!.Id} was dispatched while it was {b.WakeWas}");
                break;
            case "wake.released" when b.WakeWas is not "leased":
                Break(Rule.Epoch, $"{b.Wake!.Id} was given back while it was {b.WakeWas}");
                break;
            case "wake.admitted":
                CheckAdmitted(b.Wake!);
                break;
            case "wake.consumed":
                CheckConsumed(b.Wake!, b.WakeWas!);
                break;
        }
    }

    private void CheckInFlight(BookedWake wake)
    {
        if (wake.Session.Wakes.Count(w => w.InFlight) > 1)
        {
            Break(Rule.OneWakeInFlight, $"{string.Join(" and ", wake.Session.Wakes.Where(w => w.InFlight).Select(w => w.Id))} are in flight into {wake.Session.Id}");
        }
    }

    private void CheckLease(BookedWake wake)
    {
        foreach (var notice in wake.Notices)
        {
            if (notice.Session != wake.Session)
            {
                Break(Rule.OneNotice, $"{wake.Id} brings {notice.Id} of {notice.Session.Id} into {wake.Session.Id}");
            }

            if (!notice.IsOwed)
            {
                Break(Rule.ToldOnce, $"{wake.Id} brings {notice.Id}, which is {notice.State}");
            }
        }

        if (wake.Notices.Count == 0)
        {
            Break(Rule.NothingForgotten, $"{wake.Id} brings nothing");
        }

        // A reason to go out now: a failure, a task of its own kind, or the last of a group.
        if (!wake.Notices.Exists(n => n.Wakes && (n.Task.Failed || n.Task.Wake == "each" || !Siblings(n.Task).Any(t => !t.IsSettled))))
        {
            Break(Rule.Batching, $"{wake.Id} goes out although siblings of {string.Join(", ", wake.Notices.Select(n => n.Task.Id))} are open");
        }
    }

    private static IEnumerable<BookedTask> Siblings(BookedTask task) =>
        task.From.Delegated.Where(t => t.Group == task.Group && t.Round == task.Round);

    /// <summary>Each outcome of the commit with its notice, and with the end of all under it.</summary>
    private void CheckSettled()
    {
        foreach (var b in _commit)
        {
            if (b.Event.Type != "task.settled")
            {
                continue;
            }

            var task = b.Task!;
            var posted = _commit.Where(n => n.Event.Type == "notice.posted" && n.Notice!.Task == task && n.Notice.Kind == "settled").ToList();
            if (posted.Count != 1 || posted[0].Notice!.Session != task.From)
            {
                Break(Rule.OneNotice, $"{task.Id} of {task.From.Id} became {task.Status} with {posted.Count} notices, at {string.Join(", ", posted.Select(n => n.Notice!.Session.Id))}");
            }

            if (task.Notices.Count(n => n.Kind == "settled") > 1)
            {
                Break(Rule.OneNotice, $"{task.Id} has more than one settled notice");
            }

            CheckSubtree(task);
            CheckOutcome(task);
        }
    }

    private void CheckSubtree(BookedTask task)
    {
        foreach (var session in task.Attempts.Where(a => a.Session is not null).SelectMany(a => a.Session!.Under))
        {
            foreach (var open in session.Delegated.Where(t => !t.IsSettled))
            {
                Break(Rule.Quiescent, $"{task.Id} became {task.Status} while {open.Id}, which it delegated, is {open.Status}");
            }

            // What ends with it in the same commit was cut off by it.
            if (task.Status == "completed" && _commit.Find(b => IsCutOff(b, session)) is { Event: not null } cut)
            {
                Break(Rule.Quiescent, $"{task.Id} completed and cut off {cut.Task?.Id ?? cut.Wake?.Id}");
            }

            if (task.Status == "completed" && session.Notices.Find(n => n is { IsOwed: true, Wakes: true }) is { } untold)
            {
                Break(Rule.Quiescent, $"{task.Id} completed before {untold.Id} was told to it");
            }
        }
    }

    private static bool IsCutOff(Booked b, BookedSession session) =>
        (b.Event.Type == "task.settled" && b.Task!.From == session && b.Task.Status == "cancelled")
        || (b.Event.Type == "wake.dead-lettered" && b.Wake!.Session == session && b.Wake.DeadLetter == "TaskSettled");

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

        foreach (var row in commit.Notices)
        {
            if (row.Owed != _books.Notices[row.Id.ToString()].IsOwed)
            {
                Break(Rule.Projections, $"queries read that {row.Id} is {(row.Owed ? "" : "not ")}owed");
            }
        }
    }

    /// <summary>No unfinished thing is without an obligation.</summary>
    private void CheckOwed(string crew)
    {
        foreach (var task in _books.Tasks.Values)
        {
            if (Books.CrewOf(task.Id) == crew)
            {
                CheckOwed(crew, task);
            }
        }

        foreach (var wake in _books.Wakes.Values)
        {
            if (wake.IsOpen && Books.CrewOf(wake.Id) == crew)
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
