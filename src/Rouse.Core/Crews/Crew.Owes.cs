namespace Rouse.Core;

public sealed partial record Crew
{
    /// <summary>Everything the crew owes the world, derived from its state. No unfinished thing is without an obligation (invariant 4).</summary>
    public IEnumerable<Obligation> Owes() => Tasks.Values.SelectMany(Owes).Concat(Wakes.Values.SelectMany(Owes));

    /// <summary>What is owed for one task.</summary>
    public static IEnumerable<Obligation> Owes(AgentTask task)
    {
        foreach (var attempt in task.Attempts.Where(a => a.AbortOwed))
        {
            yield return new Obligation
            {
                Kind = ObligationKind.Abort, Subject = task.Id.Number, Attempt = attempt.Number, Instance = task.Spec.Instance,
            };
        }

        if (task.IsSettled)
        {
            yield break;
        }

        var current = task.Current;
        yield return task.Status switch
        {
            AgentTaskStatus.Queued => new Obligation
            {
                Kind = ObligationKind.Queue,
                Subject = task.Id.Number,
                Attempt = current.Number,
                Instance = task.Spec.Instance,
                Lanes = current.Lanes,
                Priority = task.Spec.Priority,
                Since = current.QueuedAt,
            },
            AgentTaskStatus.Starting => new Obligation
            {
                Kind = ObligationKind.Start, Subject = task.Id.Number, Attempt = current.Number, Instance = task.Spec.Instance,
            },
            _ => new Obligation
            {
                Kind = ObligationKind.Supervise, Subject = task.Id.Number, Attempt = current.Number, Instance = task.Spec.Instance,
            },
        };

        if (task.Spec.Deadline is { } deadline)
        {
            yield return new Obligation { Kind = ObligationKind.Deadline, Subject = task.Id.Number, Due = Sabotage.MovesTheDeadline ? deadline.AddMinutes(2) : deadline };
        }
    }

    /// <summary>What is owed for one wake. It depends on the wake and on the task that runs in its session.</summary>
    public IEnumerable<Obligation> Owes(Wake wake)
    {
        if (!wake.IsOpen || wake is { Phase: WakePhase.Due, DueAt: null })
        {
            yield break;
        }

        var instance = Find(wake.Session)!.Address.Instance;
        if (wake.Phase == WakePhase.Due && OpenTaskIn(wake.Session) is { Status: AgentTaskStatus.Settling } task && !Sabotage.ResumesWithoutASlot)
        {
            yield return new Obligation
            {
                Kind = ObligationKind.Resume,
                Subject = task.Id.Number,
                Attempt = task.Current.Number,
                Due = wake.DueAt!.Value,
                Lanes = task.Current.Lanes,
                Priority = task.Spec.Priority,
                Since = wake.DueAt.Value,
            };
            yield break;
        }

        yield return wake.Phase is WakePhase.Due or WakePhase.Leased
            ? new Obligation
            {
                Kind = ObligationKind.Deliver, Subject = wake.Id.Number, Instance = instance, Due = wake.DueAt ?? DateTimeOffset.MinValue,
            }
            : new Obligation { Kind = ObligationKind.Confirm, Subject = wake.Id.Number, Instance = instance };
    }

    /// <summary>
    /// The obligations that a decision can have changed, in the state before and after it. A wake's depends on the task in its session, so
    /// the wakes into the sessions of touched tasks count as touched.
    /// </summary>
    public static (IReadOnlyList<Obligation> Owed, IReadOnlyList<ObligationKey> Settled) Difference(Crew before, Crew after, Touched touched)
    {
        var old = Of(before).ToDictionary(o => o.Key);
        var now = Of(after).ToDictionary(o => o.Key);
        return (
            [.. now.Values.Where(o => !old.TryGetValue(o.Key, out var was) || !was.Equals(o))],
            [.. old.Keys.Where(k => !now.ContainsKey(k))]);

        IEnumerable<Obligation> Of(Crew crew)
        {
            var wakes = touched.Wakes;
            foreach (var task in touched.Tasks.Select(n => crew.Tasks.GetValueOrDefault(n)))
            {
                if (task is null)
                {
                    continue;
                }

                foreach (var owed in Owes(task))
                {
                    yield return owed;
                }
            }

            foreach (var number in touched.Tasks)
            {
                foreach (var attempt in (after.Tasks.GetValueOrDefault(number) ?? before.Tasks.GetValueOrDefault(number))?.Attempts ?? [])
                {
                    if (attempt.Session is { } session)
                    {
                        wakes = wakes.Union(new[] { before.MailboxOf(session).NextWake, after.MailboxOf(session).NextWake }.OfType<int>());
                    }
                }
            }

            foreach (var wake in wakes.Select(n => crew.Wakes.GetValueOrDefault(n)))
            {
                if (wake is null)
                {
                    continue;
                }

                foreach (var owed in crew.Owes(wake))
                {
                    yield return owed;
                }
            }
        }
    }
}
