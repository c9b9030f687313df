using Rouse.Conformance.Harnesses.Memory;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Grades;

/// <summary>The suite's own proofs, run on adapters that are poor on purpose.</summary>
public sealed class GradingTests
{
    private static readonly IReadOnlyCollection<Guarantee> s_bearing = Grading.NeedsOf(DeliveryGrade.ExactlyOnce);

    [Fact]
    public async Task A_sound_adapter_is_exactly_once()
    {
        var report = await GradeAsync(Poverty.None);

        Assert.True(report.Delivery == DeliveryGrade.ExactlyOnce, report.Table());
        Assert.Empty(report.MissingFor(DeliveryGrade.ExactlyOnce));
    }

    [Fact]
    public async Task Without_a_read_back_it_is_at_most_once()
    {
        var report = await GradeAsync(Poverty.NoReadBack | Poverty.NoLookFirst);

        Assert.True(report.Delivery == DeliveryGrade.AtMostOnce, report.Table());
        Assert.Equal([Guarantee.ReadBack], report.MissingFor(DeliveryGrade.AtLeastOnce));
    }

    [Fact]
    public async Task One_that_stores_again_what_is_there_already_is_at_least_once()
    {
        var report = await GradeAsync(Poverty.NoLookFirst);

        Assert.True(report.Delivery == DeliveryGrade.AtLeastOnce, report.Table());
        Assert.Equal(
            [Guarantee.OnceAfterLostReply, Guarantee.OnceAfterHang, Guarantee.OnceAfterKill, Guarantee.OnceWhenSentTwiceAtOnce],
            report.MissingFor(DeliveryGrade.ExactlyOnce));
    }

    [Fact]
    public async Task One_that_takes_what_it_cannot_read_for_empty_is_at_most_once()
    {
        var report = await GradeAsync(Poverty.NoUnreadable);

        Assert.True(report.Delivery == DeliveryGrade.AtMostOnce, report.Table());
        Assert.Equal([Guarantee.ReadBackNeverGuesses], report.MissingFor(DeliveryGrade.ExactlyOnce));
    }

    [Fact]
    public async Task One_that_calls_not_sent_what_may_have_arrived_has_no_grade()
    {
        var report = await GradeAsync(Poverty.NoDoubt);

        Assert.True(report.Delivery is null, report.Table());
        Assert.Equal([Guarantee.SaysWhatIsKnown], report.MissingFor(DeliveryGrade.AtMostOnce));
    }

    [Fact]
    public async Task One_that_says_sent_and_keeps_nothing_has_no_grade()
    {
        var report = await GradeAsync(Poverty.NoEntry | Poverty.NoReadBack);

        Assert.True(report.Delivery is null, report.Table());
        Assert.Equal([Guarantee.SentIsThere], report.MissingFor(DeliveryGrade.AtMostOnce));
    }

    [Fact]
    public async Task A_claim_of_more_than_was_proved_fails_and_says_what_is_missing()
    {
        var suite = new MemorySuite(new MemoryWorld(Poverty.NoLookFirst, claimed: DeliveryGrade.ExactlyOnce));

        var refusal = await Assert.ThrowsAnyAsync<Exception>(suite.The_grade_is_what_was_proved);

        Assert.Contains("It claims ExactlyOnce and has not proved OnceAfterLostReply", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("makes it at least once", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_of_less_than_was_proved_holds_and_is_said()
    {
        var report = await GradeAsync(Poverty.None);

        Assert.Null(report.ClaimsMore(DeliveryGrade.AtLeastOnce));
        Assert.Equal("It claims AtLeastOnce, and what was proved makes it ExactlyOnce.", report.ClaimsLess(DeliveryGrade.AtLeastOnce));
        Assert.Null(report.ClaimsLess(DeliveryGrade.ExactlyOnce));
    }

    [Fact]
    public void Nothing_proved_is_no_grade_and_a_check_that_failed_outweighs_one_that_passed()
    {
        Proof[] proofs = [.. s_bearing.Select(g => new Proof(g, "check")), new(Guarantee.OneEntryPerSend, "other check", "two entries")];

        Assert.Null(Grading.Compute([]).Delivery);
        Assert.Equal(DeliveryGrade.AtLeastOnce, Grading.Compute(proofs).Delivery);
        Assert.Contains("other check: two entries", Grading.Compute(proofs).Table(), StringComparison.Ordinal);
    }

    private static Task<GradeReport> GradeAsync(Poverty poverty) => new MemorySuite(new MemoryWorld(poverty)).GradeAsync(s_bearing);

    /// <summary>Not public, so no runner takes its checks for tests: several of them are meant to fail.</summary>
    private sealed class MemorySuite(MemoryWorld world) : HarnessSuite
    {
        private protected override IReadOnlyCollection<Guarantee> Shown => s_bearing;

        protected override Task<HarnessWorld> WorldAsync() => Task.FromResult<HarnessWorld>(world);
    }
}
