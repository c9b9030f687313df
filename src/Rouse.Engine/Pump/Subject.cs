using Rouse.Core;

namespace Rouse.Engine;

/// <summary>What must not be worked on twice at the same time: an attempt, whatever is owed for it, or a wake.</summary>
internal readonly record struct Subject(CrewId Crew, bool IsWake, int Number, int Attempt)
{
    public static Subject Of(Performance p) => new(
        p.Crew, p.Obligation.Kind is ObligationKind.Deliver or ObligationKind.Confirm, p.Obligation.Subject,
        p.Obligation.Kind == ObligationKind.Deadline ? -1 : p.Obligation.Attempt);
}
