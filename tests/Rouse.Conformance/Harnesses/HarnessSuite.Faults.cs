using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.SaysWhatIsKnown)]
    public Task A_delivery_that_is_said_not_to_have_been_sent_is_not_in_the_history() => CheckAsync(async world =>
    {
        foreach (var how in Enum.GetValues<Breakage>())
        {
            var sent = await SendUnderAsync(world, how);
            Assert.True(
                sent.First is DeliverResult.Sent or DeliverResult.Unknown || sent.AfterFirst == 0,
                $"{how}: it said '{sent.First}', and the history held it {sent.AfterFirst} times.");
        }
    });

    [Fact]
    [Proves(Guarantee.OneEntryPerSend)]
    public Task One_delivery_makes_no_two_entries_whatever_happens_to_it() => CheckAsync(async world =>
    {
        foreach (var how in Enum.GetValues<Breakage>())
        {
            Assert.InRange((await SendUnderAsync(world, how)).AfterFirst, 0, 1);
        }
    });

    [Fact]
    [Proves(Guarantee.ArrivesWhenSentAgain)]
    public Task A_delivery_that_met_a_fault_is_in_the_history_when_it_was_sent_again() => CheckAsync(async world =>
    {
        foreach (var how in Enum.GetValues<Breakage>())
        {
            var sent = await SendUnderAsync(world, how);
            Assert.True(sent.AfterSecond > 0, $"{how}: first '{sent.First}', then '{sent.Second}', and it is not in the history.");
        }
    });

    [Fact]
    [Proves(Guarantee.OnceAfterRefusal)]
    public Task A_delivery_that_was_refused_and_sent_again_is_there_once() =>
        CheckAsync(async world => AssertOnce(await SendUnderAsync(world, Breakage.Refused)));

    [Fact]
    [Proves(Guarantee.OnceAfterLostReply)]
    public Task A_delivery_whose_answer_was_lost_and_that_was_sent_again_is_there_once() =>
        CheckAsync(async world => AssertOnce(await SendUnderAsync(world, Breakage.ReplyLost)));

    [Fact]
    [Proves(Guarantee.OnceAfterHang)]
    public Task A_delivery_that_hung_until_its_deadline_and_was_sent_again_is_there_once() =>
        CheckAsync(async world => AssertOnce(await SendUnderAsync(world, Breakage.Hangs)));

    [Fact]
    [Proves(Guarantee.OnceAfterKill)]
    public Task A_delivery_that_was_taken_by_a_harness_that_was_then_killed_is_there_once() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"killed {NewKey()}"));

        await world.DeliverAsync(session, prompt);
        await world.KillAsync();
        await world.StartAgainAsync(Cancelled);

        // What was taken must be durable; whether it had been run by then is not known.
        Assert.True((await world.FindAsync(session, prompt.Key)).Found);
        await world.DeliverAsync(session, prompt, whenBusy: true);
        Assert.Equal(1, await world.TimesStoredAsync(session, prompt.Text, Cancelled));
        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
    });

    /// <summary>Sends a prompt into a fault, and once more when that is over. One run for all the checks that judge it.</summary>
    private static Task<SentTwice> SendUnderAsync(HarnessWorld world, Breakage how) => world.Proofs.OnceAsync($"{nameof(SendUnderAsync)} {how}", async () =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"{how} {NewKey()}"));
        DeliverResult first;
        await using (var broken = world.Break(BrokenCall.Delivery, how))
        {
            first = await broken.Harness.DeliverAsync(session, prompt, Cancelled).AsTask().WaitAsync(InTime, Cancelled);
        }

        var afterFirst = await world.TimesStoredAsync(session, prompt.Text, Cancelled);
        var second = await world.Harness.DeliverAsync(session, prompt, Cancelled);
        var afterSecond = await world.TimesStoredAsync(session, prompt.Text, Cancelled);
        if (afterSecond > 0)
        {
            await world.AnsweredAsync(session);
        }

        return new SentTwice(first, afterFirst, second, afterSecond, world.TimesAsked(prompt.Text));
    });

    private static void AssertOnce(SentTwice sent) => Assert.True(
        sent is { First: not DeliverResult.Sent, AfterSecond: 1, TimesRun: 1 },
        $"First '{sent.First}' with {sent.AfterFirst} entries, then '{sent.Second}' with {sent.AfterSecond}; it was run {sent.TimesRun} times.");

    /// <param name="AfterFirst">How many entries the history held then.</param>
    private sealed record SentTwice(DeliverResult First, int AfterFirst, DeliverResult Second, int AfterSecond, int TimesRun);
}
