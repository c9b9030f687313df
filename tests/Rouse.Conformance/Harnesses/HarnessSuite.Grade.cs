using System.Reflection;
using Rouse.Conformance.Harnesses.Grades;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    /// <summary>What the grade's table shows. All of it, but where an adapter is there to be graded and for nothing else.</summary>
    private protected virtual IReadOnlyCollection<Guarantee> Shown => Enum.GetValues<Guarantee>();

    [Fact]
    public async Task The_grade_is_what_was_proved()
    {
        var world = await WorldAsync();
        var claimed = world.Harness.Grade.Delivery;

        var report = await GradeAsync(Shown);

        var told = TestContext.Current.TestOutputHelper;
        told?.WriteLine(report.Table());
        told?.WriteLine(world.OwnsProcess ? "It owns processes: the process suite judges those." : "It owns no process.");
        told?.WriteLine(report.ClaimsLess(claimed) ?? $"It claims {claimed}.");
        Assert.True(report.ClaimsMore(claimed) is null, $"{report.ClaimsMore(claimed)}\n{report.Table()}");
    }

    /// <summary>Runs every proof of these guarantees that has not run in this world yet.</summary>
    internal async Task<GradeReport> GradeAsync(IReadOnlyCollection<Guarantee> of)
    {
        var proofs = new List<Proof>();
        foreach (var check in GetType().GetMethods().OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            foreach (var proves in check.GetCustomAttributes<ProvesAttribute>().Where(p => of.Contains(p.Guarantee)))
            {
                proofs.Add(new Proof(proves.Guarantee, check.Name, await FailureOfAsync(check)));
            }
        }

        return Grading.Compute(proofs);
    }

    private async Task<string?> FailureOfAsync(MethodInfo check)
    {
        try
        {
            await (Task)check.Invoke(this, null)!;
            return null;
        }
        catch (Exception failure) when (!Cancelled.IsCancellationRequested)
        {
            return string.Join(' ', failure.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
