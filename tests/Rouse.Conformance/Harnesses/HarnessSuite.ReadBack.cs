using System.Runtime.CompilerServices;
using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.ReadBack)]
    public Task A_delivery_is_read_back_by_its_key_and_another_is_not_found() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says($"read back {NewKey()}"));
        await world.DeliverAsync(session, prompt);

        // Sent says that it was taken; with an exact grade it is in the history by then.
        var found = await world.FindAsync(session, prompt.Key);
        await world.IdleAsync(session, prompt.Key);

        Assert.True(found.Found);
        Assert.Equal(new FoundState(Found: true, Begun: true), await world.FindAsync(session, prompt.Key));
        Assert.Equal(new FoundState(Found: false, Begun: false), await world.FindAsync(session, NewKey()));
    });

    [Fact]
    [Proves(Guarantee.ReadBackNeverGuesses)]
    public Task A_harness_that_cannot_be_reached_is_never_said_to_hold_nothing_and_its_sessions_never_to_be_idle() =>
        GuessesNothingAsync(Breakage.Refused, isDown: true);

    [Fact]
    [Proves(Guarantee.ReadBackNeverGuesses)]
    public Task A_harness_whose_answers_are_lost_is_never_said_to_hold_nothing_and_its_sessions_never_to_be_idle() =>
        GuessesNothingAsync(Breakage.ReplyLost, isDown: false);

    /// <param name="isDown">Whether each call must say that the instance is down; else it may.</param>
    private Task GuessesNothingAsync(Breakage how, bool isDown, [CallerMemberName] string name = "") => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var prompt = NewPrompt(world.Says("stored"));
        await world.DeliverAsync(session, prompt);
        await world.AnsweredAsync(session);
        await using var broken = world.Break(BrokenCall.Every, how);

        // Of a delivery that is there, of one that is not, and of a session that is not.
        foreach (var (of, key) in ((Address, string)[])[(session, prompt.Key), (session, NewKey()), (world.Unknown(), prompt.Key)])
        {
            var found = Assert.IsType<FindResult.Unreadable>(await broken.Harness.FindDeliveryAsync(of, key, Cancelled));
            var seen = Assert.IsType<InspectResult.Unreadable>(await broken.Harness.InspectAsync(of, Cancelled));
            Assert.True(!isDown || (found.InstanceDown && seen.InstanceDown), $"{found}, {seen}");
            Assert.IsType<AbortResult.NotSeen>(await broken.Harness.AbortAsync(of, Cancelled));
        }

        var fresh = NewPrompt(world.Says($"never {NewKey()}"));
        var sent = await broken.Harness.DeliverAsync(session, fresh, Cancelled);
        Assert.True(sent is DeliverResult.NotSent || (!isDown && sent is DeliverResult.Unknown), $"{sent}");
        Assert.True(sent is DeliverResult.Unknown || await world.TimesStoredAsync(session, fresh.Text, Cancelled) == 0, $"'{sent}', and it is there");
        Assert.IsType<CreateResult.Unreachable>(await broken.Harness.CreateSessionAsync(world.NewSession(NewKey()), Cancelled));
    }, name);
}
