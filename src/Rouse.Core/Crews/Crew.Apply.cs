using System.Collections.Immutable;

namespace Rouse.Core;

public sealed partial record Crew
{
    /// <summary>The state after an event that happened at the given time. Events about what the crew has forgotten change nothing.</summary>
    public Crew Apply(Event e, DateTimeOffset at)
    {
        var next = e switch
        {
            SessionRegistered x => Register(x.Session, x.Address, x.Parent, task: null, x.Agent, x.Directory, at),
            SessionGone x => Change(x.Session, s => s with { GoneAt = s.GoneAt ?? at }),
            TaskDelegated x => Delegated(x, at),
            AttemptStarted x => Change(x.Task, t => (t with { Status = AgentTaskStatus.Starting })
                .WithAttempt(x.Attempt, a => a with { Phase = AttemptPhase.Starting, StartedAt = at })),
            ChildCreated x => Created(x, at),
            PromptDispatched x => Change(x.Task, t => t.WithAttempt(x.Attempt, a => a with { DispatchedAt = at })),
            PromptWithdrawn x => Change(x.Task, t => t.WithAttempt(x.Attempt, a => a with { DispatchedAt = null })),
            PromptAdmitted x => Change(x.Task, t => (t with { Status = AgentTaskStatus.Running })
                .WithAttempt(x.Attempt, a => a with { Phase = AttemptPhase.Admitted, AdmittedAt = at })),
            IdleSeen x => Change(x.Task, t => t.WithAttempt(x.Attempt, a => a with { IdleSince = x.Idle ? at : null, IdleAfter = x.Idle ? x.Newest : null })),
            AttemptReplaced x => Change(x.Task, t => Replaced(t, x, at)),
            AttemptEnded x => Change(x.Task, t => t.WithAttempt(x.Attempt, a => a with
            {
                Phase = Sabotage.NeverReleasesASlot ? a.Phase : AttemptPhase.Ended, AbortOwed = false,
            })),
            TaskSettling x => Change(x.Task, t => t with { Status = AgentTaskStatus.Settling }),
            TaskResumed x => Change(x.Task, t => t with { Status = AgentTaskStatus.Running }),
            TaskSettled x => Settled(x, at),
            LateResultKept x => Change(x.Task, t => t with { LateResult = x.Result }),
            NoticePosted x => Posted(x, at),
            NoticeAcknowledged x => End(x.Notice, NoticeState.Acknowledged, deadLetter: null),
            NoticeDeadLettered x => End(x.Notice, NoticeState.DeadLettered, x.Reason),
            WakeDue x => Due(x, at),
            WakeRescheduled x => Change(x.Wake, w => w with { DueAt = x.DueAt }),
            WakeDropped x => Dropped(x),
            WakeHeld x => Change(x.Wake, w => w with { Hold = new Hold(x.Reason, at) }),
            WakeLeased x => Leased(x, at),
            WakeReleased x => Released(x, at),
            WakeDispatched x => Change(x.Wake, w => Step(w, at, "dispatched", $"{x.Route} {w.Key}{(x.Certain ? "" : " (outcome unknown)")}") with
            {
                Phase = WakePhase.Dispatched, Sends = w.Sends + 1, Hold = null, After = x.After ?? w.After,
            }),
            WakeAdmitted x => Change(x.Wake, w => Step(w, at, "admitted", x.Evidence) with { Phase = WakePhase.Admitted, Hold = null }),
            WakeNudged x => Change(x.Wake, w => Step(w, at, "nudged", x.Reason) with { Nudged = true, NudgedAfter = x.After }),
            WakeNudgeWithdrawn x => Change(x.Wake, w => Step(w, at, "nudge-withdrawn") with { Nudged = false, NudgedAfter = null }),
            WakeConsumed x => Finish(x.Wake, WakePhase.Consumed, NoticeState.Consumed, reason: null, [], at),
            WakeDeadLettered x => Finish(x.Wake, WakePhase.DeadLettered, NoticeState.DeadLettered, x.Reason, x.Notices, at),
            _ => this,
        };

        return next with { Version = Version + 1 };
    }

    private Wake Step(Wake w, DateTimeOffset at, string step, string? detail = null) =>
        w with { Receipt = w.Receipt.Add(new ReceiptStep(step, at, detail)), Version = Version + 1 };

    private Crew Register(
        SessionId id, Address address, SessionId? parent, TaskId? task, string? agent, string? directory, DateTimeOffset at) => this with
        {
            LastNumber = Math.Max(LastNumber, id.Number),
            Nested = task is null && parent is not null ? Nested.Add(id.Number) : Nested.Remove(id.Number),
            Sessions = Sessions.SetItem(id.Number, new Session
            {
                Id = id,
                Address = address,
                Parent = parent,
                Task = task,
                Depth = parent is { } p && Find(p) is { } above ? (Sabotage.CountsOnlyTheDirectParent ? 0 : above.Depth) + 1 : 0,
                Agent = agent,
                Directory = directory,
                RegisteredAt = at,
            }),
        };

    private Crew Delegated(TaskDelegated x, DateTimeOffset at)
    {
        var group = x.Spec.Group ?? "";
        var task = new AgentTask
        {
            Id = x.Task,
            Spec = x.Spec,
            Status = AgentTaskStatus.Queued,
            Round = x.Round,
            CreatedAt = at,
            Attempts = [new Attempt { Number = 1, Phase = AttemptPhase.Queued, Lanes = x.Lanes, Model = x.Spec.Model, QueuedAt = at }],
        };

        return ChangeMailbox(x.Spec.From, m => m with
        {
            Open = m.Open.Add(x.Task.Number),
            Rounds = m.Rounds.SetItem(group, new Round(x.Round, (m.RoundOf(group) is { } r && r.Number == x.Round ? r.Open : 0) + 1)),
        }) with
        {
            LastNumber = Math.Max(LastNumber, x.Task.Number),
            Tasks = Tasks.SetItem(x.Task.Number, task),
            Keys = x.Spec.Key is { } key ? Keys.SetItem(KeyOf(x.Spec.From, key), x.Task.Number) : Keys,
        };
    }

    private Crew Created(ChildCreated x, DateTimeOffset at)
    {
        if (Find(x.Task) is not { } task)
        {
            return this;
        }

        return Register(x.Session, x.Address, task.Spec.From, x.Task, task.Spec.Agent, x.Directory, at)
            .Change(x.Task, t => t.WithAttempt(x.Attempt, a => a with
            {
                Phase = a.Phase == AttemptPhase.Starting ? AttemptPhase.Created : a.Phase, Session = x.Session, Address = x.Address,
                CreatedTooLate = task.IsSettled,
            }));
    }

    private static AgentTask Replaced(AgentTask t, AttemptReplaced x, DateTimeOffset at)
    {
        var old = t.WithAttempt(x.Attempt, a => Over(t, a, x.AbortOwed) with { Error = x.Error });
        return old with
        {
            Status = AgentTaskStatus.Queued,
            Attempts = old.Attempts.Add(new Attempt
            {
                Number = x.Attempt + 1, Phase = AttemptPhase.Queued, Lanes = x.Lanes, Model = x.Model, QueuedAt = at,
            }),
        };
    }

    private Crew Settled(TaskSettled x, DateTimeOffset at)
    {
        if (Find(x.Task) is not { } task)
        {
            return this;
        }

        var group = task.Spec.Group ?? "";
        return Change(x.Task, t => (t with { Status = x.Outcome.Status, Outcome = x.Outcome, SettledAt = at })
                .WithAttempt(t.Current.Number, a => Over(task, a, x.AbortOwed) with { Error = x.Outcome.Error ?? a.Error }))
            .ChangeMailbox(task.Spec.From, m => m with
            {
                Open = m.Open.Remove(x.Task.Number),
                Rounds = m.Rounds.GetValueOrDefault(group) is { } r && r.Number == task.Round
                    ? m.Rounds.SetItem(group, r with { Open = r.Open - 1 })
                    : m.Rounds,
            });
    }

    /// <summary>What has to be stopped keeps the slots that it has; one that has settled down has none.</summary>
    private static Attempt Over(AgentTask task, Attempt attempt, bool abortOwed) => attempt with
    {
        AbortOwed = abortOwed, Phase = abortOwed && task.Status != AgentTaskStatus.Settling ? attempt.Phase : AttemptPhase.Ended,
    };

    private Crew Posted(NoticePosted x, DateTimeOffset at) => ChangeMailbox(x.Session, m => m with { Waiting = m.Waiting.Add(x.Notice.Number) }) with
    {
        LastNumber = Math.Max(LastNumber, x.Notice.Number),
        Notices = Notices.SetItem(x.Notice.Number, new Notice
        {
            Id = x.Notice,
            Session = x.Session,
            Kind = x.Kind,
            State = NoticeState.Waiting,
            Task = x.Task,
            Run = x.Run,
            PostedAt = at,
            Wakes = x.Wakes,
        }),
    };

    /// <summary>A notice that has ended keeps how it ended: one that was acknowledged is not dead-lettered with its wake later.</summary>
    private Crew End(NoticeId id, NoticeState state, string? deadLetter) =>
        Find(id) is not { } notice || (!notice.IsOwed && !Sabotage.DeadLettersWhatWasRead)
            ? this
            : ChangeMailbox(notice.Session, m => m with { Waiting = m.Waiting.Remove(id.Number) }) with
            {
                Notices = Notices.SetItem(id.Number, notice with { State = state, DeadLetter = deadLetter }),
            };

    private Crew Due(WakeDue x, DateTimeOffset at) => ChangeMailbox(x.Session, m => m with { NextWake = x.Wake.Number }) with
    {
        LastNumber = Math.Max(LastNumber, x.Wake.Number),
        Wakes = Wakes.SetItem(x.Wake.Number, Step(
            new Wake { Id = x.Wake, Session = x.Session, Phase = WakePhase.Due, DueAt = x.DueAt, Key = x.Key }, at, "due")),
    };

    private Crew Dropped(WakeDropped x) =>
        Find(x.Wake) is not { } wake
            ? this
            : ChangeMailbox(wake.Session, m => m with { NextWake = m.NextWake == x.Wake.Number ? null : m.NextWake }) with { Wakes = Wakes.Remove(x.Wake.Number) };

    private Crew Leased(WakeLeased x, DateTimeOffset at)
    {
        if (Find(x.Wake) is not { } wake)
        {
            return this;
        }

        var next = Change(x.Wake, w => Step(w, at, "leased", $"epoch {x.Epoch}") with
        {
            Phase = WakePhase.Leased, Epoch = x.Epoch, Notices = x.Notices, Mentions = x.Mentions, StillOpen = x.StillOpen,
        });
        next = next.ChangeMailbox(wake.Session, m => m with
        {
            NextWake = m.NextWake == x.Wake.Number ? null : m.NextWake,
            InFlight = x.Wake.Number,
            Waiting = m.Waiting.Except(x.Notices.Select(n => n.Number)),
            Rounds = CloseRounds(m, x.Notices),
        });
        return next with
        {
            Notices = next.Notices.SetItems(x.Notices.Where(n => Find(n) is { IsOwed: true })
                .Select(n => KeyValuePair.Create(n.Number, Notices[n.Number] with { State = NoticeState.Sent, Wake = x.Wake }))),
        };
    }

    /// <summary>A group's name can be used again after the wake for it: the round whose tasks are all settled ends here.</summary>
    private ImmutableSortedDictionary<string, Round> CloseRounds(Mailbox mailbox, ImmutableArray<NoticeId> told)
    {
        var rounds = mailbox.Rounds;
        foreach (var id in Sabotage.StartsNoNewRound ? [] : told)
        {
            if (Find(id) is { } notice && Find(notice.Task) is { } task && rounds.GetValueOrDefault(task.Spec.Group ?? "") is { Open: 0 } round
                && round.Number == task.Round)
            {
                rounds = rounds.SetItem(task.Spec.Group ?? "", new Round(round.Number + 1, 0));
            }
        }

        return rounds;
    }

    private Crew Released(WakeReleased x, DateTimeOffset at)
    {
        if (Find(x.Wake) is not { } wake)
        {
            return this;
        }

        var freed = wake.Notices.Where(n => Find(n) is { State: NoticeState.Sent } && !Sabotage.DropsNoticesWhenTheParentIsBusy).ToImmutableArray();
        var next = Change(x.Wake, w => Step(w, at, "released", x.Reason) with
        {
            Phase = WakePhase.Due, Hold = new Hold(x.Reason, w.Hold is { } h && h.Reason == x.Reason ? h.Since : at), Notices = [], Mentions = [], StillOpen = [],
        });
        return next.ChangeMailbox(wake.Session, m => m with
        {
            InFlight = m.InFlight == x.Wake.Number ? null : m.InFlight,
            NextWake = x.Wake.Number,
            Waiting = m.Waiting.Union(freed.Select(n => n.Number)),
        }) with
        {
            Notices = next.Notices.SetItems(freed.Select(n =>
                KeyValuePair.Create(n.Number, next.Notices[n.Number] with { State = NoticeState.Waiting, Wake = null }))),
        };
    }

    private Crew Finish(WakeId id, WakePhase phase, NoticeState state, string? reason, ImmutableArray<NoticeId> alsoEnded, DateTimeOffset at)
    {
        if (Find(id) is not { } wake)
        {
            return this;
        }

        var step = phase == WakePhase.Consumed ? "consumed" : "dead-lettered";
        var notices = wake.Notices.AddRange(alsoEnded.Except(wake.Notices));
        var next = Change(id, w => Step(w, at, step, reason) with { Phase = phase, Notices = notices, DeadLetter = reason, Hold = null, DueAt = null });
        next = next.ChangeMailbox(wake.Session, m => m with
        {
            InFlight = m.InFlight == id.Number ? null : m.InFlight, NextWake = m.NextWake == id.Number ? null : m.NextWake, WakeOverAt = Version + 1,
        });
        return notices.Aggregate(next, (crew, notice) => crew.End(notice, state, reason));
    }

    private Crew Change(SessionId id, Func<Session, Session> change) =>
        Find(id) is { } session ? this with { Sessions = Sessions.SetItem(id.Number, change(session)) } : this;

    private Crew ChangeMailbox(SessionId id, Func<Mailbox, Mailbox> change)
    {
        var changed = change(MailboxOf(id));
        return this with { Mailboxes = changed is { IsEmpty: true, Rounds.IsEmpty: true, WakeOverAt: 0 } ? Mailboxes.Remove(id.Number) : Mailboxes.SetItem(id.Number, changed) };
    }

    private Crew Change(TaskId id, Func<AgentTask, AgentTask> change) =>
        Find(id) is { } task ? this with { Tasks = Tasks.SetItem(id.Number, change(task)) } : this;

    private Crew Change(WakeId id, Func<Wake, Wake> change) =>
        Find(id) is { } wake ? this with { Wakes = Wakes.SetItem(id.Number, change(wake)) } : this;
}
