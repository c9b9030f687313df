using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What must hold of every commit.</summary>
public sealed partial class Oracle
{
    private readonly List<Booked> _commit = [];
    private readonly List<(string Crew, string Type)> _events = [];
    private readonly Dictionary<Commit, DateTimeOffset> _deciding = new(ReferenceEqualityComparer.Instance);
    private DateTimeOffset _committedAt;
    private DateTimeOffset _decidedAt;

    private void AfterCommit(Commit commit)
    {
        _books.BookRows(commit);
        _commit.Clear();
        _committedAt = _world.Now;
        _decidedAt = _deciding.Remove(commit, out var at) ? at : _world.Now;
        _events.AddRange(commit.Events.Select(e => (commit.Crew.ToString(), e.Type)));
        NoteStarts(commit);
        foreach (var e in commit.Events)
        {
            var booked = _books.Book(e);
            _commit.Add(booked);
            CheckEvent(booked);
        }

        foreach (var slot in commit.SlotsFreed)
        {
            _freed[(slot.Lane, commit.Crew.Stem)] = _world.Now;
        }

        CheckPassed();
        CheckOwedRows(commit);

        CheckSettled();
        CheckGuards(commit);
        foreach (var b in _commit)
        {
            switch (b.Event.Type)
            {
                case "attempt.replaced":
                    CheckNext(b.Task!);
                    ProbeOldAttempt(b.Task!);
                    break;
                case "attempt.ended":
                    CheckLateResult(b.Task!, b.Task!.Attempts[b.Attempt - 1]);
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
                b.Wake!.DueSince = _world.Now;
                CheckInFlight(b.Wake!);
                if (b.Event.Type == "wake.leased")
                {
                    var wake = b.Wake!;
                    (wake.LeasedAt, wake.LeasedBy, wake.Struck) = (_world.Now, _world.Newest, _world.Journal.Faults.Struck);
                    CheckLease(wake);
                    CheckContent(wake, b.WakeWas!, b.EpochWas, b.Event.At);
                }

                break;
            case "attempt.prompt-dispatched":
                var claimed = b.Task!.Attempts[b.Attempt - 1];
                (claimed.ClaimedBy, claimed.Struck) = (_world.Newest, _world.Journal.Faults.Struck);
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
                CheckMissed(b.Session!);
                break;
            case "notice.posted":
                CheckPosted(b.Notice!, b.Event.At);
                break;
            case "notice.acknowledged" when !_acknowledged.Contains(b.Notice!.Id):
                Break(Rule.Evidence, $"{b.Notice.Id} counts as acknowledged, and nobody did it");
                break;
            case "wake.dead-lettered":
                CheckDeadLetter(b.Wake!, b.WakeWas!);
                break;
            case "wake.admitted" or "wake.nudged" when b.WakeWas != (b.Event.Type == "wake.admitted" ? "dispatched" : "admitted"):
                Break(Rule.Epoch, $"{b.Event.Type} of {b.Wake!.Id}, which was {b.WakeWas}");
                break;
            case "wake.dispatched" when b.WakeWas is not ("leased" or "dispatched"):
                Break(Rule.Epoch, $"{b.Wake!.Id} was dispatched while it was {b.WakeWas}");
                break;
            case "wake.released" or "wake.rescheduled" when b.WakeWas == (b.Event.Type == "wake.released" ? "leased" : "due"):
                b.Wake!.DueSince = _world.Now;
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

            task.SettledAt = _world.Now;
            CheckSubtree(task);
            CheckOutcome(task);
            CheckWords(task);
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

    /// <summary>What ended by itself, or was asked to be cancelled, may share a commit with it: two looks that came together.</summary>
    private bool IsCutOff(Booked b, BookedSession session) =>
        (b is { Event.Type: "task.settled", Task: { Status: "cancelled", Reason: not ("by-a-person" or "session-deleted" or "return-address-gone") } task }
            && task.From == session && !IsToCancel(task) && !Above(task).Any(IsToCancel))
        || (b.Event.Type == "wake.dead-lettered" && b.Wake!.Session == session && b.Wake.DeadLetter == "TaskSettled");
}
