using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>Decisions about one attempt: its start, its session, its prompt, its end.</summary>
internal static class AttemptDecisions
{
    public static Reply Start(Deciding d, StartAttempt x)
    {
        if (Current(d, x.Task, x.Attempt) is not { Status: AgentTaskStatus.Queued })
        {
            return new Reply.Ignored("the attempt is not queued");
        }

        d.Add(new AttemptStarted(x.Task, x.Attempt));
        return new Reply.Done();
    }

    public static Reply Resume(Deciding d, ResumeTask x)
    {
        if (d.Crew.Find(x.Task) is not { Status: AgentTaskStatus.Settling })
        {
            return new Reply.Ignored("the task is not settling");
        }

        d.Add(new TaskResumed(x.Task));
        return new Reply.Done();
    }

    /// <summary>The session is made known also when the attempt was stopped meanwhile: it must be found to be aborted.</summary>
    public static Reply SeeChild(Deciding d, ChildSeen x)
    {
        if (d.Crew.Find(x.Task)?.Attempts.FirstOrDefault(a => a.Number == x.Attempt) is not { Session: null, Phase: AttemptPhase.Starting })
        {
            return new Reply.Ignored("the attempt waits for no session");
        }

        // Somebody in the crew may have registered it first, on the harness's own word that it was created.
        var session = d.Crew.Find(x.Address) is { Task: null, Parent: not null } registered ? registered.Id : new SessionId(d.Crew.Id, d.NextNumber);
        d.Add(new ChildCreated(x.Task, x.Attempt, session, x.Address, x.Directory));
        return Current(d, x.Task, x.Attempt) is null ? new Reply.Ignored("the attempt was over before its session was created") : new Reply.Done();
    }

    public static Reply Dispatch(Deciding d, DispatchPrompt x)
    {
        if (Current(d, x.Task, x.Attempt) is not { Current: { Phase: AttemptPhase.Created, DispatchedAt: null } })
        {
            return new Reply.Ignored("the attempt has no prompt that may be sent");
        }

        d.Add(new PromptDispatched(x.Task, x.Attempt));
        return new Reply.Done();
    }

    public static Reply Withdraw(Deciding d, WithdrawPrompt x)
    {
        if (Current(d, x.Task, x.Attempt) is not { Current: { Phase: AttemptPhase.Created, DispatchedAt: not null } })
        {
            return new Reply.Ignored("the attempt has no prompt that was claimed");
        }

        d.Add(new PromptWithdrawn(x.Task, x.Attempt));
        return new Reply.Done();
    }

    public static Reply SeePrompt(Deciding d, PromptSeen x)
    {
        if (Current(d, x.Task, x.Attempt) is not { Current.Phase: AttemptPhase.Created })
        {
            return new Reply.Ignored("the attempt waits for no prompt");
        }

        d.Add(new PromptAdmitted(x.Task, x.Attempt, x.Evidence));
        return new Reply.Done();
    }

    public static Reply Fail(Deciding d, AttemptFailed x)
    {
        if (Current(d, x.Task, x.Attempt) is not { } task)
        {
            return new Reply.Ignored("the attempt is not the current one of an open task");
        }

        Fail(d, task, x.Error, x.MayRun, output: null, x.NextLanes);
        return new Reply.Done();
    }

    public static Reply Lose(Deciding d, AttemptLost x)
    {
        if (Current(d, x.Task, x.Attempt) is not { } task)
        {
            return new Reply.Ignored("the attempt is not the current one of an open task");
        }

        var error = new TaskError(FailureClass.Unknown, x.Reason, x.Message);
        TaskDecisions.Settle(d, task, new Outcome { Status = AgentTaskStatus.Lost, Reason = x.Reason, Error = error }, TaskDecisions.MayRun(task));
        return new Reply.Done();
    }

    public static Reply SeeStopped(Deciding d, AttemptStopped x)
    {
        if (d.Crew.Find(x.Task) is not { } task || task.Attempts.FirstOrDefault(a => a.Number == x.Attempt) is not { AbortOwed: true })
        {
            return new Reply.Ignored("no abort is owed");
        }

        d.Add(new AttemptEnded(x.Task, x.Attempt, x.Evidence));
        if (task.IsSettled && x.Attempt == task.Current.Number && task.Outcome?.Output is null && !string.IsNullOrWhiteSpace(x.Output) && !Sabotage.ThrowsLateResultsAway)
        {
            var result = d.Keep(x.Output);
            d.Add(Sabotage.LetsALateResultOverrideACancellation
                ? new TaskSettled(x.Task, task.Run, new Outcome { Status = AgentTaskStatus.Completed, Output = result }, AbortOwed: false)
                : new LateResultKept(x.Task, result));
        }

        return new Reply.Done();
    }

    /// <summary>A look at the session in which the current attempt runs.</summary>
    public static Reply See(Deciding d, AgentTask task, SessionSeen x) =>
        AttemptVerdict.Judge(x.Inspection, Crew.AttemptKey(task.Id, task.Current.Number), x.LastError) switch
        {
            AttemptVerdict.Working => Awake(d, task),
            AttemptVerdict.Finished finished => Finish(d, task, x, finished),
            AttemptVerdict.Failed failed => Stop(d, task, failed, x.NextLanes),
            AttemptVerdict.NotBegun => Wait(d, task, x, d.Rules.EarlyIdle, "its prompt was not begun", () => new Reply.RunAgain()),
            AttemptVerdict.Empty when AwaitDelegated(d, task) is { } waits => waits,
            AttemptVerdict.Empty => Wait(d, task, x, d.Rules.EmptyAfter, "its session is idle without output", () => Empty(d, task)),
            AttemptVerdict.Interrupted interrupted => Wait(
                d, task, x, d.Rules.EarlyIdle, "its session is idle and its last turn has no end", () => Interrupt(d, task, interrupted, x.NextLanes)),
            var verdict => throw new InvalidOperationException($"'{verdict.GetType().Name}' is not handled."),
        };

    private static Reply Finish(Deciding d, AgentTask task, SessionSeen x, AttemptVerdict.Finished finished)
    {
        SeeOutput(d, task);
        if (!Sabotage.CompletesBeforeTheSubtreeSettles && AwaitDelegated(d, task) is { } waits)
        {
            return waits;
        }

        // An end further off than that, be it behind or ahead, is of a clock that says nothing of ours.
        var ended = d.TimeOf(x) - finished.EndedAt;
        if (!Sabotage.CompletesOverOpenTodos && !x.Inspection.OpenTodos.IsEmpty && ended.Duration() < d.Rules.TodoGrace)
        {
            return d.LookAgainAt(finished.EndedAt + d.Rules.TodoGrace, "its todos are open");
        }

        TaskDecisions.Settle(
            d, task,
            new Outcome { Status = AgentTaskStatus.Completed, Output = d.Keep(finished.Text), Truncated = finished.Truncated && !Sabotage.HidesThatItWasTruncated, Usage = finished.Usage },
            abortOwed: false);
        return new Reply.Done();
    }

    /// <summary>Completion is quiescent: null when nothing that the task delegated is open or still to be told to it.</summary>
    private static Reply.LookAgain? AwaitDelegated(Deciding d, AgentTask task)
    {
        var mailbox = d.Crew.MailboxOf(task.Current.Session!.Value);
        if (mailbox.NextWake is { } next && d.Crew.Wakes[next].DueAt is not null)
        {
            return new Reply.LookAgain(After: null, "a wake is on its way into its session");
        }

        if (d.Crew.Under(task.Current.Session!.Value).Select(d.Crew.MailboxOf).All(m => m.Open.IsEmpty && m.InFlight is null && !MailboxDecisions.OwesWake(d.Crew, m)))
        {
            return null;
        }

        if (task.Status != AgentTaskStatus.Settling)
        {
            d.Add(new TaskSettling(task.Id));
        }

        return new Reply.LookAgain(After: null, "work that it delegated is open");
    }

    private static Reply Stop(Deciding d, AgentTask task, AttemptVerdict.Failed failed, Func<string?, ImmutableArray<string>> nextLanes)
    {
        if (failed.Error.Class == FailureClass.Aborted && !Sabotage.CallsAStopAFailure)
        {
            // Rouse settles before it aborts: an abort seen on an open task was somebody else's.
            var outcome = new Outcome { Status = AgentTaskStatus.Cancelled, Reason = "by-a-person", Error = failed.Error };
            TaskDecisions.Settle(d, task, WithOutput(d, outcome, failed.PartialText), abortOwed: false);
        }
        else
        {
            Fail(d, task, failed.Error, mayRun: false, failed.PartialText, nextLanes);
        }

        return new Reply.Done();
    }

    private static Reply Interrupt(Deciding d, AgentTask task, AttemptVerdict.Interrupted interrupted, Func<string?, ImmutableArray<string>> nextLanes)
    {
        var error = new TaskError(
            FailureClass.Interrupted, "interrupted",
            $"The session {task.Current.Address} is idle and its last turn has no end: the process that ran it died. Check for side effects before it is run again.");
        Fail(d, task, error, mayRun: false, interrupted.PartialText, nextLanes, mayFallBack: !interrupted.HadEffects || Sabotage.RunsWorkWithEffectsAgain);
        return new Reply.Done();
    }

    private static Reply Empty(Deciding d, AgentTask task)
    {
        var error = new TaskError(FailureClass.Unknown, "empty", $"The session {task.Current.Address} ended its turn without any output.");
        TaskDecisions.Settle(d, task, new Outcome { Status = AgentTaskStatus.Failed, Reason = "empty", Error = error }, abortOwed: false);
        return new Reply.Done();
    }

    private static Reply Awake(Deciding d, AgentTask task)
    {
        SeeOutput(d, task);
        return new Reply.LookAgain(After: null, "it works");
    }

    /// <summary>It works or has an output: the next time that it is idle without one counts anew.</summary>
    private static void SeeOutput(Deciding d, AgentTask task)
    {
        if (task.Current.IdleSince is not null)
        {
            d.Add(new IdleSeen(task.Id, task.Current.Number, Idle: false));
        }
    }

    /// <summary>An idle session without a finished output may be about to begin: it is believed only when it is still so after a while.</summary>
    private static Reply Wait(Deciding d, AgentTask task, SessionSeen x, TimeSpan patience, string why, Func<Reply> then)
    {
        // One that lies ahead was written before the clock was set back. What was said since, a turn that nobody saw has said.
        var newest = x.Inspection.Messages.LastOrDefault(m => m.Origin == MessageOrigin.Agent)?.Id;
        if (task.Current.IdleSince is not { } since || since > d.Now || task.Current.IdleAfter != newest)
        {
            d.Add(new IdleSeen(task.Id, task.Current.Number, Idle: true, newest));
            since = d.Now;
        }

        return d.TimeOf(x) - since < patience && !Sabotage.BelievesTheFirstIdleLook ? d.LookAgainAt(since + patience, why) : then();
    }

    private static void Fail(
        Deciding d, AgentTask task, TaskError error, bool mayRun, string? output, Func<string?, ImmutableArray<string>> nextLanes, bool mayFallBack = true)
    {
        // What was not started, or has settled down, cannot be at work, whatever was feared of it.
        mayRun &= TaskDecisions.MayRun(task);
        if (mayFallBack && Fallback.Next(task, error) is { } model)
        {
            d.Add(new AttemptReplaced(task.Id, task.Current.Number, error, mayRun || TaskDecisions.IsWoken(d.Crew, task.Current), model, nextLanes(model)));
            if (task.Current.Session is { } session && !Sabotage.KeepsTheWorkOfAReplacedAttempt)
            {
                TaskDecisions.Leave(d, session, "attempt-replaced");
            }

            return;
        }

        var outcome = new Outcome { Status = AgentTaskStatus.Failed, Reason = error.Reason, Error = error };
        TaskDecisions.Settle(d, task, WithOutput(d, outcome, output), mayRun);
    }

    private static Outcome WithOutput(Deciding d, Outcome outcome, string? text) =>
        string.IsNullOrWhiteSpace(text) || Sabotage.ThrowsPiecesAway ? outcome : outcome with { Output = d.Keep(text), Partial = !Sabotage.CallsAPieceTheWhole };

    private static AgentTask? Current(Deciding d, TaskId id, int attempt) =>
        d.Crew.Find(id) is { } task && (!task.IsSettled || Sabotage.ResurrectsACancelledTask)
        && (task.Current.Number == attempt || Sabotage.HeedsAnOlderAttempt) ? task : null;
}
