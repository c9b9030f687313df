using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>The durable unit of delegated work.</summary>
public sealed record AgentTask
{
    public required TaskId Id { get; init; }

    public required TaskSpec Spec { get; init; }

    public required AgentTaskStatus Status { get; init; }

    /// <summary>From 1: one delegation or one continuation.</summary>
    public int Run { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>Which round of its group it belongs to: a name can be used again after the wake for it.</summary>
    public int Round { get; init; }

    public required ImmutableArray<Attempt> Attempts { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Set with the terminal status, in the same event.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>What came back after the outcome was settled; kept, and wakes nobody.</summary>
    public BodyRef? LateResult { get; init; }

    public Attempt Current => Attempts[^1];

    public bool IsSettled => Status is AgentTaskStatus.Completed or AgentTaskStatus.Failed or AgentTaskStatus.Cancelled or AgentTaskStatus.Lost;

    /// <summary>Title for people: one line of the description, or the id.</summary>
    public string Title => TextBounds.OneLine(Spec.Description, 240) ?? Id.ToString();

    /// <summary>
    /// Whether an attempt of this task holds the slots of its lanes (invariant 8): from its start until its session is seen ended;
    /// a settling task holds none.
    /// </summary>
    public bool Holds(Attempt attempt) =>
        attempt.Phase is AttemptPhase.Starting or AttemptPhase.Created or AttemptPhase.Admitted
        && (Status != AgentTaskStatus.Settling || attempt.Number != Current.Number || Sabotage.KeepsTheSlotWhileSettling)
        && !(IsSettled && Sabotage.ReleasesASlotEarly);

    internal AgentTask WithAttempt(int number, Func<Attempt, Attempt> change) =>
        number >= 1 && number <= Attempts.Length
            ? this with { Attempts = Attempts.SetItem(number - 1, change(Attempts[number - 1])) }
            : this;
}
