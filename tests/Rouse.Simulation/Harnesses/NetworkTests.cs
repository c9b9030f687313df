using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What the network does to calls and signals.</summary>
public sealed class NetworkTests
{
    public static TheoryData<HarnessFault, Type, int> Faults => new()
    {
        { new HarnessFault.RefusedBefore(), typeof(DeliverResult.NotSent), 0 },
        { new HarnessFault.AnswerLost(), typeof(DeliverResult.Unknown), 1 },
        { new HarnessFault.Lost(), typeof(DeliverResult.Unknown), 0 },
        { new HarnessFault.DoneLater(TimeSpan.FromSeconds(1)), typeof(DeliverResult.Unknown), 1 },
        { new HarnessFault.Slow(TimeSpan.FromSeconds(1)), typeof(DeliverResult.Sent), 1 },
        { new HarnessFault.Duplicated(TimeSpan.FromSeconds(1)), typeof(DeliverResult.Sent), 1 },
        { new HarnessFault.Reordered(TimeSpan.FromSeconds(1)), typeof(DeliverResult.Sent), 1 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_decides_what_is_done_and_what_is_known(HarnessFault fault, Type answer, int entries) => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", fault);
        Assert.IsType(answer, await bench.DeliverAsync(s, "k1"));
        await bench.WaitAsync(5);
        Assert.Equal(entries, s.Entries("k1"));
    });

    [Fact]
    public void A_call_that_hangs_ends_when_its_caller_has_had_enough() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("inspect", new HarnessFault.Hangs(Done: false));
        Assert.IsType<InspectResult.Unreadable>(await bench.Harness.InspectAsync(s.Address, CancellationToken.None));
        Assert.InRange(bench.Now.TimeOfDay.TotalSeconds, 15, 16);
    });

    [Fact]
    public void Two_calls_to_one_session_change_places() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", new HarnessFault.Reordered(TimeSpan.FromSeconds(60)));
        var deliver = bench.DeliverAsync(s, "k1");
        await bench.WaitAsync(2);
        Assert.False(deliver.IsCompleted);
        Assert.Empty((await bench.InspectAsync(s)).Messages);
        Assert.IsType<DeliverResult.Sent>(await deliver);
        Assert.InRange(bench.Now.TimeOfDay.TotalSeconds, 2, 3);
    });

    [Fact]
    public void A_request_dies_with_the_process_that_it_was_sent_to() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(5)));
        await bench.DeliverAsync(s, "k1");
        bench.Harness.Die();
        bench.Harness.Come();
        await bench.WaitAsync(10);
        Assert.Empty(s.Messages);
    });

    [Fact]
    public void A_call_that_is_cut_off_from_a_living_process_is_done_all_the_same_or_not_and_nobody_knows() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", new HarnessFault.Slow(TimeSpan.FromSeconds(4)));
        var deliver = bench.DeliverAsync(s, "k1");
        await bench.WaitAsync(3);
        bench.Harness.Cut();
        Assert.IsType<DeliverResult.Unknown>(await deliver);
        Assert.Equal(1, s.Entries("k1"));
    });

    public static TheoryData<SignalFault, string> SignalFaults => new()
    {
        { new SignalFault.Lost(), "b c" },
        { new SignalFault.Duplicated(TimeSpan.FromSeconds(5)), "a b c a" },
        { new SignalFault.Delayed(TimeSpan.FromSeconds(5)), "b c a" },
        { new SignalFault.Reordered(TimeSpan.FromSeconds(5)), "b a c" },
        { new SignalFault.Cut(TimeSpan.FromSeconds(0.5)), "down up c" },
    };

    [Theory]
    [MemberData(nameof(SignalFaults))]
    public void A_signal_is_lost_doubled_delayed_overtaken_or_cut_off(SignalFault fault, string heard) => Play(async bench =>
    {
        bench.Signals.Clear();
        var numbers = new List<int>();
        bench.Harness.Faults.EachSignal = (_, number) =>
        {
            numbers.Add(number);
            return number == 1 ? fault : null;
        };
        foreach (var (id, pause) in new[] { ("a", 0.1), ("b", 1), ("c", 10) })
        {
            bench.Harness.Say(new HarnessSignal.Changed(id));
            await bench.WaitAsync(pause);
        }

        Assert.Equal([1, 2, 3], numbers);
        Assert.Equal(heard, string.Join(' ', bench.Signals.Select(x => x switch
        {
            HarnessSignal.Changed c => c.SessionId,
            HarnessSignal.Connected => "up",
            _ => "down",
        })));
    });

    [Fact]
    public void An_overtaken_signal_comes_by_itself_when_nothing_follows() => Play(async bench =>
    {
        bench.Signals.Clear();
        bench.Harness.Faults.EachSignal = (_, _) => new SignalFault.Reordered(TimeSpan.FromSeconds(5));
        bench.Harness.Say(new HarnessSignal.Changed("a"));
        await bench.WaitAsync(4);
        Assert.Empty(bench.Signals);
        await bench.WaitAsync(2);
        Assert.Single(bench.Signals);
    });

    [Fact]
    public void Whoever_listens_hears_what_is_truly_so() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        var heard = new List<string>();
        bench.Harness.OnStored += x => heard.Add($"stored {x.Message.Origin}");
        bench.Harness.OnTurnBegan += x => heard.Add($"began {x.Turn.Prompt.Key}");
        bench.Harness.OnTurnEnded += _ => heard.Add("ended");
        bench.Harness.OnDeliverCalled += x => heard.Add($"deliver {x.Prompt.Key}");
        bench.Harness.OnDelivered += x => heard.Add(x.Result.GetType().Name);
        bench.Harness.OnInspected += x => heard.Add($"working {x.Truth!.Working}, seen {((InspectResult.Seen)x.Result).Inspection.Activity}");
        bench.Harness.OnAbortCalled += x => heard.Add($"abort {x.Session.Id}");
        await bench.DeliverAsync(s, "k1");
        await bench.InspectAsync(s);
        await bench.Harness.AbortAsync(s.Address, CancellationToken.None);
        Assert.Equal(
            ["deliver k1", "stored Rouse", "began k1", "stored Agent", "Sent", $"working True, seen {Activity.Working}", "abort s", "ended"], heard);
    });

    private static void Play(Func<HarnessBench<ReceiptModel>, Task> story) => HarnessBench<ReceiptModel>.Play(new ReceiptModel(), story);
}
