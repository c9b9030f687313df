using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>Decisions about wakes: each step of a receipt is made here.</summary>
internal static class WakeDecisions
{
    /// <summary>So many open tasks are named in a wake; the rest is counted.</summary>
    private const int NamedOpenTasks = 20;

    /// <summary>After a look that came too early to say anything.</summary>
    internal static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(1);

    /// <summary>Reasons that change from moment to moment while a session is busy: one busy time has one beginning.</summary>
    private static readonly ImmutableHashSet<string> Busy = ["working", "open-tool-call", "retrying", "busy"];

    public static Reply Hold(Deciding d, HoldWake x)
    {
        if (d.Crew.Find(x.Wake) is not { IsOpen: true } wake)
        {
            return new Reply.Ignored("the wake is not open");
        }

        if (!Sabotage.NeverSaysWhatHoldsAWake && (wake.Hold is not { } hold || (hold.Reason != x.Reason && !(Busy.Contains(hold.Reason) && Busy.Contains(x.Reason)))))
        {
            d.Add(Sabotage.DropsTheWakeOfABusyParent && Busy.Contains(x.Reason) && wake.Phase == WakePhase.Due
                ? new WakeDropped(x.Wake)
                : new WakeHeld(x.Wake, x.Reason));
        }

        return new Reply.Done();
    }

    public static Reply Lease(Deciding d, LeaseWake x)
    {
        if (d.Crew.Find(x.Wake) is not { Phase: WakePhase.Due, DueAt: { } due } wake)
        {
            return new Reply.Ignored("the wake is not due");
        }

        if (Wake.WaitUntil(due, d.Now, d.Rules) is var wait && wait > TimeSpan.Zero)
        {
            return new Reply.LookAgain(wait, "the wake is not due yet");
        }

        var mailbox = d.Crew.MailboxOf(wake.Session);
        if (mailbox.InFlight is { } other && !Sabotage.IgnoresTheLease)
        {
            return new Reply.Ignored($"{d.Crew.Wakes[other].Id} is in flight");
        }

        if (d.Crew.OpenTaskIn(wake.Session) is { Status: AgentTaskStatus.Settling } && !Sabotage.ResumesWithoutASlot)
        {
            return new Reply.Ignored("the task in its session has to take its slots first");
        }

        var content = MailboxDecisions.Content(d.Crew, mailbox, d.Rules);
        var epoch = Sabotage.LeasesUnderTheSameEpoch ? wake.Epoch : wake.Epoch + 1;
        var open = mailbox.Open.Take(Sabotage.NamesNoOpenTask ? 0 : NamedOpenTasks);
        d.Add(new WakeLeased(wake.Id, epoch, content, Mentions(d.Crew, content), [.. open.Select(n => d.Crew.Tasks[n].Id)]));
        return new Reply.Leased(d.Crew.Find(wake.Id)!);
    }

    public static Reply Release(Deciding d, ReleaseWake x)
    {
        if (d.Crew.Find(x.Wake) is not { Phase: WakePhase.Leased } wake || (wake.Epoch != x.Epoch && !Sabotage.IgnoresTheEpoch))
        {
            return new Reply.Ignored("the lease is not held");
        }

        d.Add(new WakeReleased(x.Wake, x.Epoch, x.Reason));
        MergeWakes(d, wake.Session, x.Wake);
        MailboxDecisions.Reconsider(d, wake.Session);
        return new Reply.Done();
    }

    public static Reply Send(Deciding d, WakeSent x)
    {
        if (d.Crew.Find(x.Wake) is not { Phase: WakePhase.Leased or WakePhase.Dispatched } wake || (wake.Epoch != x.Epoch && !Sabotage.IgnoresTheEpoch))
        {
            return new Reply.Ignored("the lease is not held");
        }

        d.Add(new WakeDispatched(x.Wake, x.Epoch, x.Route, x.Certain, x.After));
        if (x.Admits)
        {
            d.Add(new WakeAdmitted(x.Wake, Evidence: null));
        }

        return new Reply.Done();
    }

    public static Reply Find(Deciding d, WakeFound x)
    {
        if (d.Crew.Find(x.Wake) is not { Phase: WakePhase.Dispatched })
        {
            return new Reply.Ignored("the wake waits for no read-back");
        }

        d.Add(new WakeAdmitted(x.Wake, x.Evidence));
        return new Reply.Done();
    }

    public static Reply Nudge(Deciding d, NudgeFound x)
    {
        if (d.Crew.Find(x.Wake) is not { Phase: WakePhase.Admitted, Nudged: false } || Sabotage.ForgetsThatItNudged)
        {
            return new Reply.Ignored("no nudge is owed");
        }

        d.Add(new WakeNudged(x.Wake, x.Reason, x.After));
        return new Reply.Done();
    }

    public static Reply WithdrawNudge(Deciding d, WithdrawNudge x)
    {
        if (d.Crew.Find(x.Wake) is not { Phase: WakePhase.Admitted, Nudged: true })
        {
            return new Reply.Ignored("no nudge is on record");
        }

        d.Add(new WakeNudgeWithdrawn(x.Wake));
        return new Reply.Done();
    }

    public static Reply Abandon(Deciding d, AbandonWake x)
    {
        if (d.Crew.Find(x.Wake) is not { IsOpen: true } wake)
        {
            return new Reply.Ignored("the wake is not open");
        }

        d.Add(new WakeDeadLettered(x.Wake, x.Reason, wake.Phase == WakePhase.Due
            ? MailboxDecisions.Content(d.Crew, d.Crew.MailboxOf(wake.Session), d.Rules)
            : []));
        MailboxDecisions.Reconsider(d, wake.Session);
        return new Reply.Done();
    }

    /// <summary>Whether the wake on its way into a session was consumed, by what a look at the session shows; Done when there is nothing to wait for.</summary>
    public static Reply SeeSession(Deciding d, Session session, SessionSeen x)
    {
        if (d.Crew.MailboxOf(session.Id).InFlight is not { } number || d.Crew.Wakes[number] is not { Phase: WakePhase.Admitted } wake)
        {
            return new Reply.Done();
        }

        if (x.AsOf < wake.Version)
        {
            return new Reply.LookAgain(LookAfter, "the look was taken before the wake was admitted");
        }

        switch (WakeVerdict.Judge(x.Inspection, wake))
        {
            case WakeVerdict.Consumed:
                d.Add(new WakeConsumed(wake.Id));
                MailboxDecisions.Reconsider(d, session.Id);
                return new Reply.Done();
            case WakeVerdict.Working:
                return new Reply.LookAgain(After: null, "it works");
            case WakeVerdict.NotBegun when x.LastError is { } error:
                // A harness says an error twice, and late: one of the turn before must not be taken for one of this turn, which is about to begin.
                // (One that was sent in the future was sent before the clock was set back.)
                var ago = d.TimeOf(x) - wake.Receipt[^1].At;
                return ago >= TimeSpan.Zero && ago < d.Rules.EarlyIdle && !Sabotage.TakesAnEchoForItsError
                    ? d.LookAgainAt(wake.Receipt[^1].At + d.Rules.EarlyIdle, "its turn has not begun yet")
                    : Fruitless(d, wake, $"the turn did not begin: {error.Reason}");
            case WakeVerdict.NotBegun:
                return new Reply.RunAgain();
            case WakeVerdict.Fruitless fruitless:
                return Fruitless(d, wake, fruitless.Reason);
            case var verdict:
                throw new InvalidOperationException($"'{verdict.GetType().Name}' is not handled.");
        }
    }

    /// <summary>One nudge is owed after a turn without output; after a second one people are to look.</summary>
    private static Reply Fruitless(Deciding d, Wake wake, string reason)
    {
        if (!wake.Nudged && !Sabotage.NeverNudges)
        {
            return new Reply.Nudge(wake, reason);
        }

        d.Add(new WakeDeadLettered(wake.Id, "NotConsumed", []));
        MailboxDecisions.Reconsider(d, wake.Session);
        return new Reply.Done();
    }

    /// <summary>While a wake was claimed another one may have become due; given back, both are one again.</summary>
    private static void MergeWakes(Deciding d, SessionId session, WakeId kept)
    {
        foreach (var other in d.Crew.Wakes.Values.Where(w => w.Session == session && w.Phase == WakePhase.Due && w.Id != kept).ToList())
        {
            d.Add(new WakeDropped(other.Id));
        }
    }

    /// <summary>Failures that an earlier wake told in full, of the groups whose last wake this is.</summary>
    private static ImmutableArray<TaskId> Mentions(Crew crew, ImmutableArray<NoticeId> content)
    {
        var groups = content.Select(n => crew.Find(crew.Find(n)!.Task)!)
            .Where(t => t.Spec.Wake == WakePolicy.All && !Sabotage.MentionsNoEarlierFailure)
            .Select(t => (t.Spec.From, Group: t.Spec.Group ?? "", t.Round)).ToHashSet();
        var told = content.Select(n => crew.Find(n)!.Task).ToHashSet();
        return
        [
            .. crew.Tasks.Values
                .Where(t => t.Status is AgentTaskStatus.Failed or AgentTaskStatus.Lost && groups.Contains((t.Spec.From, t.Spec.Group ?? "", t.Round)) && !told.Contains(t.Id))
                .Select(t => t.Id),
        ];
    }
}
