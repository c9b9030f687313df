using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.HonoursDeadlines)]
    [Proves(Guarantee.ReadBackNeverGuesses)]
    public Task A_harness_that_hangs_ends_every_call_in_time_and_with_what_is_known() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await using var hung = world.Break(BrokenCall.Every, Breakage.Hangs);

        // All at once: together they take no longer than the longest.
        var created = hung.Harness.CreateSessionAsync(world.NewSession(NewKey()), Cancelled).AsTask();
        var delivered = hung.Harness.DeliverAsync(session, NewPrompt("never"), Cancelled).AsTask();
        var found = hung.Harness.FindDeliveryAsync(session, NewKey(), Cancelled).AsTask();
        var inspected = hung.Harness.InspectAsync(session, Cancelled).AsTask();
        var aborted = hung.Harness.AbortAsync(session, Cancelled).AsTask();
        await Task.WhenAll(created, delivered, found, inspected, aborted).WaitAsync(InTime, Cancelled);

        Assert.IsType<CreateResult.Unreachable>(await created);
        Assert.True(await delivered is DeliverResult.NotSent or DeliverResult.Unknown, $"{await delivered}");
        Assert.IsType<FindResult.Unreadable>(await found);
        Assert.IsType<InspectResult.Unreadable>(await inspected);
        Assert.IsType<AbortResult.NotSeen>(await aborted);
    });

    [Fact]
    [Proves(Guarantee.HonoursDeadlines)]
    public Task A_watch_of_a_harness_that_hangs_ends_when_it_is_cancelled() => CheckAsync(async world =>
    {
        await using var hung = world.Break(BrokenCall.Every, Breakage.Hangs);
        var watch = new SignalLog(hung.Harness);

        await watch.DisposeAsync().AsTask().WaitAsync(InTime, Cancelled);
    });
}
