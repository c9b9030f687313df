using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>Decisions about mailboxes: when a session is owed a wake, and how notices end without one.</summary>
internal static class MailboxDecisions
{
    public static Reply Acknowledge(Deciding d, Acknowledge x)
    {
        foreach (var id in Sabotage.AcknowledgesTheWholeMailbox ? [.. d.Crew.Notices.Values.Select(n => n.Id)] : x.Notices)
        {
            if (d.Crew.Find(id) is { IsOwed: true } notice && notice.Session == x.Session
                && !(Sabotage.AcknowledgesOnlyWhatWaits && notice.State == NoticeState.Sent))
            {
                d.Add(new NoticeAcknowledged(id));
            }
        }

        if (!Sabotage.WakesForWhatWasAcknowledged)
        {
            Reconsider(d, x.Session);
        }

        return new Reply.Done();
    }

    /// <summary>
    /// Brings the wake that a session is owed in line with its mailbox. Called after every change of the mailbox; there is no other place
    /// where a wake becomes due.
    /// </summary>
    public static void Reconsider(Deciding d, SessionId session)
    {
        if (!d.Crew.CanRead(session))
        {
            if (d.Crew.Find(session) is { IsGone: false })
            {
                Close(d, session);
            }
            else
            {
                DeadLetter(d, session, "SessionGone");
            }

            return;
        }

        var mailbox = d.Crew.MailboxOf(session);
        var due = RipeAt(d.Crew, mailbox, d.Rules);
        if (mailbox.NextWake is not { } number)
        {
            if (due is { } at)
            {
                Announce(d, session, at);
            }

            return;
        }

        var wake = d.Crew.Wakes[number];
        if (due is null && !OwesWake(d.Crew, mailbox))
        {
            d.Add(new WakeDropped(wake.Id));
        }
        else if (due != wake.DueAt)
        {
            d.Add(new WakeRescheduled(wake.Id, due));
        }
    }

    /// <summary>The notices that a wake brings when it is claimed now, in mailbox order: the ripe ones, and those that ride along.</summary>
    public static ImmutableArray<NoticeId> Content(Crew crew, Mailbox mailbox, Rules rules)
    {
        ImmutableArray<NoticeId> content =
        [
            .. (Sabotage.MixesTheMailboxes ? crew.Notices.Values.Where(n => n.State == NoticeState.Waiting) : mailbox.Waiting.Select(n => crew.Notices[n])).Where(
                n => (!n.Wakes && !Sabotage.LeavesBehindWhatRidesAlong) || RipeAt(crew, mailbox, n, rules) is not null).Select(n => n.Id),
        ];
        return Sabotage.TellsTheNewestFirst ? [.. content.Reverse()] : Sabotage.BringsOneNoticeAtATime ? [.. content.Take(1)] : content;
    }

    public static bool OwesWake(Crew crew, Mailbox mailbox) => mailbox.Waiting.Any(n => crew.Notices[n].Wakes);

    /// <summary>The run in this session is over: nobody reads the mailbox any more. Its end has been told where it counts.</summary>
    public static void Close(Deciding d, SessionId session)
    {
        var reason = d.Crew.Find(session)?.Task is { } task && d.Crew.Find(task) is { IsSettled: false } ? "AttemptReplaced" : "TaskSettled";
        var mailbox = d.Crew.MailboxOf(session);
        foreach (var wake in new[] { mailbox.InFlight, mailbox.NextWake })
        {
            if (wake is { } number)
            {
                d.Add(new WakeDeadLettered(d.Crew.Wakes[number].Id, reason, []));
            }
        }

        foreach (var number in Sabotage.KeepsTheMailboxOfTheDead ? [] : d.Crew.MailboxOf(session).Waiting)
        {
            d.Add(new NoticeDeadLettered(d.Crew.Notices[number].Id, reason));
        }
    }

    /// <summary>The session is gone: what it was owed becomes one dead letter, listed where people see it.</summary>
    public static void DeadLetter(Deciding d, SessionId session, string reason)
    {
        var mailbox = d.Crew.MailboxOf(session);
        if (mailbox.InFlight is { } inFlight)
        {
            d.Add(new WakeDeadLettered(d.Crew.Wakes[inFlight].Id, reason, []));
        }

        var notices = mailbox.Waiting.Select(n => d.Crew.Notices[n].Id).ToImmutableArray();
        if (mailbox.NextWake is null && !notices.IsEmpty)
        {
            Announce(d, session, d.Now);
        }

        if (d.Crew.MailboxOf(session).NextWake is { } next)
        {
            d.Add(new WakeDeadLettered(d.Crew.Wakes[next].Id, reason, notices));
        }
    }

    private static void Announce(Deciding d, SessionId session, DateTimeOffset due)
    {
        var id = new WakeId(d.Crew.Id, d.NextNumber);
        d.Add(new WakeDue(id, session, due, Crew.WakeKey(id)));
    }

    private static DateTimeOffset? RipeAt(Crew crew, Mailbox mailbox, Rules rules)
    {
        DateTimeOffset? earliest = null;
        foreach (var number in mailbox.Waiting)
        {
            if (RipeAt(crew, mailbox, crew.Notices[number], rules) is { } at && (earliest is null || at < earliest))
            {
                earliest = at;
            }
        }

        return earliest;
    }

    /// <summary>When a notice may go out by its task's policy; null while it waits for others or starts no turn of its own.</summary>
    private static DateTimeOffset? RipeAt(Crew crew, Mailbox mailbox, Notice notice, Rules rules)
    {
        if (!notice.Wakes || crew.Find(notice.Task) is not { } task)
        {
            return null;
        }

        if (task.Status is AgentTaskStatus.Failed or AgentTaskStatus.Lost && !Sabotage.LetsFailuresWaitForSiblings)
        {
            return notice.PostedAt;
        }

        if (task.Spec.Wake == WakePolicy.Each)
        {
            return mailbox.Open.IsEmpty || Sabotage.NeverMerges ? notice.PostedAt : notice.PostedAt + rules.Debounce;
        }

        var round = mailbox.RoundOf(task.Spec.Group ?? "");
        return round.Number == task.Round && round.Open > 0 && !Sabotage.WakesAtTheFirstOfAGroup ? null : notice.PostedAt;
    }
}
