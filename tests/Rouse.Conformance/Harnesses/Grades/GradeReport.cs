using System.Collections.Immutable;
using System.Text;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Grades;

/// <summary>The grade that follows from proofs, and why it is no better.</summary>
/// <param name="Delivery">Null where not even the least was proved.</param>
public sealed record GradeReport(DeliveryGrade? Delivery, ImmutableSortedSet<Guarantee> Proved, ImmutableArray<Proof> Proofs)
{
    /// <summary>What a grade would need and was not proved.</summary>
    public ImmutableSortedSet<Guarantee> MissingFor(DeliveryGrade grade) => Grading.NeedsOf(grade).Except(Proved);

    /// <summary>Why the claim is more than was proved; null when it is not.</summary>
    public string? ClaimsMore(DeliveryGrade claimed) => MissingFor(claimed) is { IsEmpty: false } missing
        ? $"It claims {claimed} and has not proved {string.Join(", ", missing)}. What was proved makes it {Name(Delivery)}."
        : null;

    /// <summary>Says so where a better grade than the claimed one was proved.</summary>
    public string? ClaimsLess(DeliveryGrade claimed) => ClaimsMore(claimed) is null && Delivery is { } proved && proved != claimed
        ? $"It claims {claimed}, and what was proved makes it {proved}."
        : null;

    /// <summary>The table that a person reads.</summary>
    public string Table()
    {
        var table = new StringBuilder();
        table.AppendLine("| guarantee | needed for | proved | why |").AppendLine("|---|---|---|---|");
        foreach (var guarantee in Enum.GetValues<Guarantee>())
        {
            var checks = Proofs.Where(p => p.Guarantee == guarantee).ToList();
            var why = string.Join("; ", checks.Where(c => c.Failure is not null).Select(c => $"{c.Check}: {c.Failure}"));
            if (why.Length == 0)
            {
                why = checks.Count == 0 ? "no check ran" : string.Join("; ", checks.Select(c => c.Check.Replace('_', ' ')));
            }

            table.AppendLine($"| {guarantee} | {NeededFor(guarantee)} | {(Proved.Contains(guarantee) ? "yes" : "no")} | {why} |");
        }

        return table.Append($"| **grade** | | **{Name(Delivery)}** | |").ToString();
    }

    private static string NeededFor(Guarantee guarantee) =>
        string.Join(", ", Enum.GetValues<DeliveryGrade>().Where(g => Grading.NeedsOf(g).Contains(guarantee)).Select(g => Name(g)));

    private static string Name(DeliveryGrade? grade) => grade switch
    {
        DeliveryGrade.ExactlyOnce => "exactly once",
        DeliveryGrade.AtLeastOnce => "at least once",
        DeliveryGrade.AtMostOnce => "at most once",
        _ => "none",
    };
}
