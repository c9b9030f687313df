using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What goes wrong, as the plan has it: single calls, commits and signals by the weather, and disasters by their deeds.</summary>
internal sealed class Trouble(World world, Plan plan, List<Strike> struck)
{
    private readonly Dictionary<string, DateTimeOffset> _denied = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _over = new();
    private int _commits;
    private int _reads;

    /// <summary>Nothing goes wrong any more.</summary>
    public bool IsOver { get; private set; }

    public void Begin()
    {
        foreach (var harness in world.Harnesses.Values)
        {
            var (calls, signals) = ($"{harness.Instance} call", $"{harness.Instance} signal");
            harness.Faults.Each = call => Strikes(calls, call.Number, plan.Weather.Calls) is { } draw ? CallFault(draw, call) : null;
            harness.Faults.EachSignal = (_, number) => Strikes(signals, number, plan.Weather.Signals) is { } draw ? SignalFault(draw) : null;
        }

        world.Journal.Faults.Each = _ => Strikes("commit", ++_commits, plan.Weather.Commits) is { } draw
            ? draw.Pick(CommitFault.FailsBefore, CommitFault.LosesAcknowledgement, CommitFault.Slow, CommitFault.Conflicts)
            : CommitFault.None;
        if (plan.Weather.Reads > 0)
        {
            world.Journal.Faults.EachRead = ReadFaults;
        }

        ReadFault ReadFaults() => Strikes("read", ++_reads, plan.Weather.Reads) is { } draw ? draw.Pick(ReadFault.Fails, ReadFault.Slow) : ReadFault.None;
    }

    public void End()
    {
        world.Story.Tell("the trouble is over");
        IsOver = true;
        _over.SetResult();
        foreach (var harness in world.Harnesses.Values)
        {
            harness.Faults.Each = null;
            harness.Faults.EachSignal = null;
            Return(harness);
        }

        world.Journal.Faults.Each = null;
        world.Journal.Faults.EachRead = null;
        world.Journal.Faults.DiskFull = false;
        world.Journal.Faults.Unreadable = false;
    }

    /// <summary>Does what is a disaster; what people do is not its own.</summary>
    public Task DoAsync(Deed deed) => deed switch
    {
        Deed.Kill => Kill(),
        Deed.ShutDown x => ShutDownAsync(x),
        Deed.Die x => FailAsync(Harness(x.Harness), h => h.Die(), x.For),
        Deed.Cut x => FailAsync(Harness(x.Harness), h => h.Cut(), x.For),
        Deed.FillDisk x => ForAWhileAsync(x.For, full => world.Journal.Faults.DiskFull = full),
        Deed.BlindDisk x => ForAWhileAsync(x.For, blind => world.Journal.Faults.Unreadable = blind),
        Deed.Pause x => world.PauseAsync(x.For.TotalSeconds),
        Deed.JumpClock x => Jump(x.By),
        Deed.Unlucky => throw new SimulationException("broken: bad luck", rule: "bad luck"),
        _ => Task.CompletedTask,
    };

    private Task Kill()
    {
        world.Node.Kill();
        return Task.CompletedTask;
    }

    private async Task ShutDownAsync(Deed.ShutDown deed)
    {
        if (deed.AtClaim)
        {
            var claimed = new TaskCompletionSource();
            world.Journal.OnCommitted += commit => _ = commit.Events.Any(e => e.Type is "attempt.prompt-dispatched" or "wake.leased") && claimed.TrySetResult();
            await Task.WhenAny(claimed.Task, _over.Task);
        }

        await world.ShutDownAsync(deed.Patience);
    }

    private Task Jump(TimeSpan by)
    {
        world.JumpClock(by);
        return Task.CompletedTask;
    }

    private async Task FailAsync(SimHarness harness, Action<SimHarness> fail, TimeSpan time)
    {
        if (harness.IsUp)
        {
            fail(harness);
            await Task.Delay(time, world.Time);
            Return(harness);
        }
    }

    private async Task ForAWhileAsync(TimeSpan time, Action<bool> set)
    {
        set(true);
        await Task.Delay(time, world.Time);
        set(false);
    }

    private static void Return(SimHarness harness)
    {
        if (!harness.IsUp)
        {
            harness.Come();
        }
    }

    private SimHarness Harness(int place) => world.Harnesses.Values.ElementAt(place % world.Harnesses.Count);

    private HarnessFault? CallFault(Draw draw, HarnessCall call) => draw.Below(10) switch
    {
        9 => Denies(call) ? new HarnessFault.Answers(new InspectResult.Missing()) : null,
        0 => new HarnessFault.RefusedBefore(),
        1 => new HarnessFault.AnswerLost(),
        2 => new HarnessFault.Lost(),
        3 => new HarnessFault.Slow(TimeSpan.FromSeconds(5)),
        4 => new HarnessFault.DoneLater(draw.Seconds(4)),
        5 => new HarnessFault.Hangs(Done: true),
        6 => new HarnessFault.Duplicated(draw.Seconds(4)),
        7 => new HarnessFault.Reordered(draw.Seconds(8)),
        _ => new HarnessFault.Hangs(Done: false),
    };

    /// <summary>A harness may deny once in a while a session that it has; three times in a minute it would be believed.</summary>
    private bool Denies(HarnessCall call)
    {
        if (call.Name != "inspect" || (_denied.TryGetValue(call.Session, out var last) && world.Now - last < TimeSpan.FromMinutes(5)))
        {
            return false;
        }

        _denied[call.Session] = world.Now;
        return true;
    }

    private static SignalFault SignalFault(Draw draw) => draw.Below(6) switch
    {
        0 => new SignalFault.Duplicated(draw.Seconds(20)),
        1 => new SignalFault.Delayed(draw.Seconds(20)),
        2 => new SignalFault.Reordered(draw.Seconds(5)),
        3 => new SignalFault.Cut(draw.Seconds(20)),
        _ => new SignalFault.Lost(),
    };

    /// <summary>A draw for what is to go wrong, when something is.</summary>
    private Draw? Strikes(string where, int number, double rate)
    {
        if (IsOver)
        {
            return null;
        }

        var strike = new Strike(where, number);
        var draw = Draw.For(plan.Seed, where, number);
        if (!draw.Chance(rate) || plan.Weather.Only?.Contains(strike) == false)
        {
            return null;
        }

        struck.Add(strike);
        return draw;
    }
}
