using System.Collections.Immutable;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Grades;

/// <summary>Says which grade follows from what was proved. It knows no adapter.</summary>
public static class Grading
{
    private static readonly ImmutableSortedSet<Guarantee> AtMostOnce = [Guarantee.SaysWhatIsKnown, Guarantee.SentIsThere, Guarantee.OneEntryPerSend];

    private static readonly ImmutableSortedSet<Guarantee> AtLeastOnce =
        [Guarantee.SaysWhatIsKnown, Guarantee.SentIsThere, Guarantee.ReadBack, Guarantee.ReadBackNeverGuesses, Guarantee.ArrivesWhenSentAgain];

    private static readonly ImmutableSortedSet<Guarantee> ExactlyOnce = AtMostOnce.Union(AtLeastOnce).Union(
    [
        Guarantee.CreatedOnce, Guarantee.OnceAfterRefusal, Guarantee.OnceAfterLostReply, Guarantee.OnceAfterHang, Guarantee.OnceAfterKill,
        Guarantee.OnceWhenSentTwiceAtOnce,
    ]);

    /// <summary>The grades, best first: one that brings every prompt in is better than one that may lose some.</summary>
    private static readonly ImmutableArray<DeliveryGrade> BestFirst = [DeliveryGrade.ExactlyOnce, DeliveryGrade.AtLeastOnce, DeliveryGrade.AtMostOnce];

    /// <summary>What must be proved for a grade.</summary>
    public static ImmutableSortedSet<Guarantee> NeedsOf(DeliveryGrade grade) => grade switch
    {
        DeliveryGrade.ExactlyOnce => ExactlyOnce,
        DeliveryGrade.AtLeastOnce => AtLeastOnce,
        DeliveryGrade.AtMostOnce => AtMostOnce,
        _ => throw new ArgumentOutOfRangeException(nameof(grade), grade, "There is no such grade."),
    };

    public static GradeReport Compute(IEnumerable<Proof> proofs)
    {
        var all = proofs.ToImmutableArray();
        var proved = all.GroupBy(p => p.Guarantee).Where(g => g.All(p => p.Failure is null)).Select(g => g.Key).ToImmutableSortedSet();
        foreach (var grade in BestFirst)
        {
            if (proved.IsSupersetOf(NeedsOf(grade)))
            {
                return new GradeReport(grade, proved, all);
            }
        }

        return new GradeReport(null, proved, all);
    }
}
