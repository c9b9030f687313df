using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

public sealed class AtMostOnceModelTests
{
    [Fact]
    public void Creating_twice_makes_two_sessions() => Play(async bench =>
    {
        Assert.NotEqual(await bench.CreateAsync("k"), await bench.CreateAsync("k"));
        Assert.Equal(2, bench.Harness.Children.Count());
    });

    [Fact]
    public void Delivering_twice_makes_two_entries_and_two_turns() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        await bench.DeliverAsync(s, "k1");
        await bench.IdleAsync(s);
        await bench.DeliverAsync(s, "k1");
        await bench.IdleAsync(s);
        Assert.Equal((2, 2), (s.Entries("k1"), bench.Harness.Runs["k1"]));
    });

    [Fact]
    public void What_the_network_doubles_enters_twice() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", new HarnessFault.Duplicated(TimeSpan.FromSeconds(20)));
        await bench.DeliverAsync(s, "k1");
        await bench.WaitAsync(60);
        Assert.Equal(2, s.Entries("k1"));
    });

    [Fact]
    public void Its_history_shows_whose_prompt_it_was_and_not_which() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        await bench.DeliverAsync(s, "k1");
        var seen = (await bench.InspectAsync(s)).Messages[0];
        Assert.Equal((MessageOrigin.Rouse, null), (seen.Origin, seen.Key));
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.FindAsync(s, "k1"));
    });

    private static void Play(Func<HarnessBench<AtMostOnceModel>, Task> story) => HarnessBench<AtMostOnceModel>.Play(new AtMostOnceModel(), story);
}
