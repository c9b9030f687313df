using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

/// <summary>One delegation, and one call of it that the network strikes: every call, every request of it, every kind of fault, on every kind of harness.</summary>
public sealed class FaultTests
{
    private static readonly HarnessFault[] Faults =
    [
        new HarnessFault.RefusedBefore(),
        new HarnessFault.AnswerLost(),
        new HarnessFault.Lost(),
        new HarnessFault.DoneLater(TimeSpan.FromSeconds(3)),
        new HarnessFault.Hangs(Done: true),
        new HarnessFault.Hangs(Done: false),
        new HarnessFault.Slow(TimeSpan.FromSeconds(20)),
        new HarnessFault.Duplicated(TimeSpan.FromSeconds(2)),
        new HarnessFault.Duplicated(TimeSpan.FromMinutes(1)),
        new HarnessFault.Reordered(TimeSpan.FromSeconds(10)),
    ];

    [Theory] // WAKE-4, WAKE-5, ATT-9
    [InlineData(Kind.Receipt, 1)]
    [InlineData(Kind.OpenCode, 3)]
    public void Whatever_befalls_one_call_an_exactly_once_harness_is_prompted_once_and_all_is_told(Kind kind, int requests) =>
        ForEveryCall(kind, requests, Faults, (world, _) =>
        {
            var crew = world.Journal.Replay(world.Journal.Crews.Single());
            Require(crew.Tasks.Values.Single().Status == AgentTaskStatus.Completed, "the task is completed");
            Require(crew.Wakes.Values.Single().Phase == WakePhase.Consumed, "the wake is consumed");
            Require(world.Harness["s"].Wakes.Count() == 1, "the wake entered once");
            Require(world.Harness.Sessions.All(s => s.Messages.All(m => m.Key is null || s.Entries(m.Key) == 1)), "each key entered once");
            Require(world.Harness.Runs.Values.All(r => r == 1), "each prompt was run once");
        });

    [Fact] // WAKE-5. What the network itself doubles is left out: only a receipt could undo that.
    public void Whatever_befalls_one_call_an_at_most_once_harness_is_prompted_once_at_most_and_what_is_unknown_is_told() =>
        ForEveryCall(Kind.AtMostOnce, 1, [.. Faults.Where(f => f is not HarnessFault.Duplicated)], (world, call) =>
        {
            var crew = world.Journal.Replay(world.Journal.Crews.Single());
            var (task, wake) = (crew.Tasks.Values.Single(), crew.Wakes.Values.Single());
            Require(task.Status == AgentTaskStatus.Completed || (call.Name == "deliver" && task is { Status: AgentTaskStatus.Lost, Outcome.Reason: "prompt-unknown" }), "the task is completed, or lost and says why");
            Require(wake.Phase == WakePhase.Consumed || (call.Name == "deliver" && wake is { Phase: WakePhase.DeadLettered, DeadLetter: "Unknown" }), "the wake is consumed, or seen to be unknown");
            Require(world.Harness.Sessions.All(s => s.Messages.Count(m => m.Origin == MessageOrigin.Rouse) <= 1), "no session was prompted twice");
        });

    [Theory] // CAN-4
    [InlineData(Kind.Receipt, 1)]
    [InlineData(Kind.OpenCode, 2)]
    [InlineData(Kind.AtMostOnce, 1)]
    public void Whatever_befalls_an_abort_the_session_is_stopped_before_its_slot_is_free(Kind kind, int requests)
    {
        foreach (var (fault, request) in Faults.SelectMany(f => Enumerable.Range(1, requests).Select(r => (f, r))))
        {
            World.Play(
                async world =>
                {
                    var s = await world.RegisterAsync(world.Harness.Open("s"));
                    world.Harness.Faults.Once("abort", fault with { Request = request });
                    var task = await world.DelegateAsync(s, "work 600");
                    await world.UntilAsync(() => world.Harness.Children.Any(c => c.Working), "it works");
                    await world.CancelAsync(task.Id);
                    await world.UntilAsync(() => world.Journal.Slots.Count == 0, $"the slot is free, {fault}", 120);
                    Require(!world.Harness.Children.Single().Working, $"the child is idle, {fault}");
                    await world.QuietAsync();
                },
                prepare: w => w.Add(World.Main, Model(kind)));
        }
    }

    public enum Kind
    {
        Receipt,
        OpenCode,
        AtMostOnce,
    }

    private static void ForEveryCall(Kind kind, int requests, HarnessFault[] faults, Action<World, HarnessCall> holds)
    {
        foreach (var call in Live(kind, strike: null).Harness.Calls)
        {
            foreach (var (fault, request) in faults.SelectMany(f => Enumerable.Range(1, requests).Select(r => (f, r))))
            {
                var struck = fault with { Request = request };
                var world = Live(kind, c => c.Number == call.Number ? struck : null);
                try
                {
                    Require(world.Journal.Slots.Count == 0 && !world.Harness.Sessions.Any(s => s.Working), "nothing works on");
                    holds(world, call);
                }
                catch (SimulationException error)
                {
                    Assert.Fail($"{kind}, {call}, {struck}: {error.Message}\n{world.Story}");
                }
            }
        }
    }

    private static World Live(Kind kind, Func<HarnessCall, HarnessFault?>? strike) => World.Play(
        async world =>
        {
            world.Harness.Faults.Each = strike;
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s, "work 5", key: "1");
            await world.QuietAsync();
            await world.WaitAsync(90);
        },
        prepare: w => w.Add(World.Main, Model(kind)));

    private static HarnessModel Model(Kind kind) => kind switch
    {
        Kind.OpenCode => new OpenCodeModel(),
        Kind.AtMostOnce => new AtMostOnceModel(),
        _ => new ReceiptModel(),
    };

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new SimulationException($"it does not hold that {what}");
        }
    }
}
