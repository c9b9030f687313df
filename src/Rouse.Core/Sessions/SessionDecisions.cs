namespace Rouse.Core;

/// <summary>Decisions about sessions: registering one, looking at one, losing one.</summary>
internal static class SessionDecisions
{
    public static Reply Register(Deciding d, RegisterSession x)
    {
        if (d.Crew.Find(x.Address) is { } known)
        {
            return x.Parent is null || x.Parent == known.Parent
                ? new Reply.SessionKnown(known, Created: false)
                : Refuse("session-has-parent",
                    $"The session {x.Address} is known as {known.Id} below {known.Parent?.ToString() ?? "no parent"}; it cannot move below {x.Parent}.");
        }

        if (x.Parent is { } parent && d.Crew.Find(parent) is null)
        {
            return Refuse("unknown-parent", $"The parent {parent} is not known.");
        }

        if (x.Parent is null && !d.Crew.Sessions.IsEmpty)
        {
            return Refuse("crew-has-root", $"The crew {d.Crew.Id} has a root already.");
        }

        var id = new SessionId(d.Crew.Id, d.NextNumber);
        d.Add(new SessionRegistered(id, x.Address, x.Parent, x.Agent, x.Directory));
        return new Reply.SessionKnown(d.Crew.Find(id)!, Created: true);
    }

    /// <summary>A session that its harness no longer knows: whoever ran in it is over, and nobody reads its mailbox any more.</summary>
    public static Reply Lose(Deciding d, SessionLost x)
    {
        if (d.Crew.Find(x.Session) is not { IsGone: false } session)
        {
            return new Reply.Ignored("the session is not known or was gone already");
        }

        // Asked before the mailboxes are closed: a harness may delete a session and let its turn run on, and those below it. That they ended is still to be seen.
        var abortOwed = d.Crew.OpenTaskIn(session.Id) is { } running && (TaskDecisions.MayRun(running) || TaskDecisions.IsWoken(d.Crew, running.Current));
        d.Add(new SessionGone(session.Id));
        foreach (var under in d.Crew.Under(session.Id).ToList())
        {
            if (!Sabotage.KeepsTheWorkOfADeletedSession)
            {
                TaskDecisions.CancelDelegated(d, under, by: null, "return-address-gone");
            }
        }

        if (d.Crew.OpenTaskIn(session.Id) is { } task)
        {
            var outcome = x.Deleted
                ? new Outcome { Status = AgentTaskStatus.Cancelled, Reason = "session-deleted" }
                : new Outcome { Status = AgentTaskStatus.Lost, Reason = "session-gone", Error = Gone(session) };
            TaskDecisions.Settle(d, task, outcome, abortOwed);
        }

        foreach (var under in d.Crew.Under(session.Id).ToList())
        {
            MailboxDecisions.DeadLetter(d, under, "SessionGone");
        }

        return new Reply.Done();
    }

    /// <summary>A look at a session can settle the task that runs in it and the wake that is on its way into it.</summary>
    public static Reply See(Deciding d, SessionSeen x)
    {
        if (d.Crew.Find(x.Session) is not { IsGone: false } session)
        {
            return new Reply.Ignored("the session is not known");
        }

        var wakeOverAt = d.Crew.MailboxOf(session.Id).WakeOverAt;
        var wake = WakeDecisions.SeeSession(d, session, x);
        if (wake is not Reply.Done)
        {
            return wake;
        }

        if (d.Crew.OpenTaskIn(session.Id) is not { Status: AgentTaskStatus.Running or AgentTaskStatus.Settling } task)
        {
            return new Reply.Done();
        }

        // The turn that the wake is to begin would be taken for the attempt's own: an error for its failure, a message not begun for its prompt.
        if (d.Crew.MailboxOf(session.Id).InFlight is not null)
        {
            return new Reply.LookAgain(After: null, "a wake is on its way into its session");
        }

        return x.AsOf < wakeOverAt
            ? new Reply.LookAgain(WakeDecisions.LookAfter, "the look was taken before the last wake into its session was over")
            : AttemptDecisions.See(d, task, x);
    }

    private static TaskError Gone(Session session) => new(
        FailureClass.Unknown, "session-gone", $"The session {session.Address} is no longer known to its harness; how the work ended is not known.");

    private static Reply.Refused Refuse(string type, string detail) => new(new RefusalReason(type, detail));
}
