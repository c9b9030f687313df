using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.TellsOfGaps)]
    public Task The_watch_connects_and_tells_of_progress_and_of_the_end_of_a_turn() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        await using var watch = new SignalLog(world.Harness);
        await watch.WaitAsync(s => s is HarnessSignal.Connected);

        await world.DeliverAsync(session, NewPrompt(world.Says("seen")));

        await watch.WaitAsync(s => s is HarnessSignal.Progress p && p.SessionId == session.Id);
        await watch.WaitAsync(s => s is HarnessSignal.Changed c && c.SessionId == session.Id);
    });

    [Fact]
    [Proves(Guarantee.TellsOfGaps)]
    public Task A_gap_in_the_watch_is_told_and_what_comes_after_it_is_heard() => CheckAsync(async world =>
    {
        await using var gappy = world.OpenGappy();
        await using var watch = gappy.Harness.WatchAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        await HearAsync(watch, s => s is HarnessSignal.Connected);

        await gappy.MissAsync();

        var missed = await HearAsync(watch, s => s is HarnessSignal.Connected);
        Assert.Equal(gappy.LosesConnection, missed.Any(s => s is HarnessSignal.Disconnected));
        var created = Assert.IsType<CreateResult.Created>(await gappy.Harness.CreateSessionAsync(world.NewSession(NewKey()), Cancelled));
        Assert.IsType<DeliverResult.Sent>(await gappy.Harness.DeliverAsync(created.Address, NewPrompt(world.Says("after the gap")), Cancelled));
        await HearAsync(watch, s => s is HarnessSignal.Changed changed && changed.SessionId == created.Address.Id);
    });

    /// <summary>Reads up to such a signal; returns what came before it.</summary>
    private static async Task<IReadOnlyList<HarnessSignal>> HearAsync(IAsyncEnumerator<HarnessSignal> watch, Func<HarnessSignal, bool> wanted)
    {
        var before = new List<HarnessSignal>();
        while (true)
        {
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(InTime, Cancelled), $"The watch ended; these came: {string.Join(", ", before)}");
            if (wanted(watch.Current))
            {
                return before;
            }

            before.Add(watch.Current);
        }
    }
}
