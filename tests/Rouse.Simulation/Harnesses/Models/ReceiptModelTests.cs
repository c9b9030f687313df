using Rouse.Engine;

namespace Rouse.Simulation;

public sealed class ReceiptModelTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(60)]
    public void What_the_network_doubles_is_done_once(double after) => Play(async bench =>
    {
        var twice = new HarnessFault.Duplicated(TimeSpan.FromSeconds(after));
        bench.Harness.Faults.Each = _ => twice;
        await bench.CreateAsync("k");
        var s = bench.Harness["child1"];
        await bench.DeliverAsync(s, "k1");
        await bench.WaitAsync(5);
        bench.Harness.PersonSays(s, "go on");
        await bench.WaitAsync(200);
        Assert.Single(bench.Harness.Children);
        Assert.Equal((1, 1), (s.Entries("k1"), bench.Harness.Runs["k1"]));
    });

    [Fact]
    public void A_prompt_that_is_stored_and_was_never_run_is_run() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        await bench.DeliverAsync(s, "k1");
        bench.Harness.Die();
        s.Messages.RemoveAll(m => m.Key is null);
        bench.Harness.Come();
        await bench.DeliverAsync(s, "k1");
        await bench.IdleAsync(s);
        Assert.Single(s.Answers);
        Assert.Equal(1, s.Entries("k1"));
    });

    [Fact]
    public void A_receipt_survives_the_process() => Play(async bench =>
    {
        var first = await bench.CreateAsync("k");
        bench.Harness.Die();
        Assert.IsType<CreateResult.Unreachable>(await bench.CreateAsync("k"));
        bench.Harness.Come();
        Assert.Equal(first, await bench.CreateAsync("k"));
    });

    private static void Play(Func<HarnessBench<ReceiptModel>, Task> story) => HarnessBench<ReceiptModel>.Play(new ReceiptModel(), story);
}
