using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

/// <summary>A harness that keeps no keys: what was sent to it once is never sent again, and what nobody can know is said.</summary>
public sealed class AtMostOnceTests
{
    [Fact] // WAKE-2
    public void Its_acknowledgement_admits_and_it_is_never_asked_for_a_key() => Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
        Assert.Equal("result of child1", (await world.Agents.OutputAsync(task.Id, CancellationToken.None))!.Text);
        var notice = Assert.Single(await world.MailboxAsync(s));
        Assert.Equal(["due", "leased", "dispatched", "admitted", "consumed"], notice.Wake!.Receipt.Select(r => r.Step));
        Assert.Single(parent.Wakes);
        Assert.Equal(0, world.Harness.CallsOf("find"));
    });

    [Fact] // WAKE-8: a turn may begin before its wake's admission is on record.
    public void A_turn_that_is_over_before_its_wake_is_admitted_counts() => Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Latency = TimeSpan.FromMilliseconds(900);
        world.Harness.Play = async turn =>
        {
            await turn.WorkAsync(0.01);
            turn.Say("done");
        };
        await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Equal(WakePhase.Consumed, (await world.MailboxAsync(s))[0].Wake!.Phase);
    });

    public static TheoryData<HarnessFault, AgentTaskStatus> FirstPrompts => new()
    {
        { new HarnessFault.RefusedBefore(), AgentTaskStatus.Completed },
        { new HarnessFault.AnswerLost(), AgentTaskStatus.Completed },
        { new HarnessFault.DoneLater(TimeSpan.FromSeconds(3)), AgentTaskStatus.Completed },
        { new HarnessFault.Hangs(Done: true), AgentTaskStatus.Completed },
        { new HarnessFault.Slow(TimeSpan.FromSeconds(20)), AgentTaskStatus.Completed },
        { new HarnessFault.Lost(), AgentTaskStatus.Lost },
        { new HarnessFault.Hangs(Done: false), AgentTaskStatus.Lost },
    };

    [Theory] // ATT-9
    [MemberData(nameof(FirstPrompts))]
    public void A_first_prompt_whose_answer_is_lost_is_judged_by_its_session_and_never_sent_again(HarnessFault fault, AgentTaskStatus end) => Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", fault, c => c.Session == "child1");
        var task = await world.DelegateAsync(s, change: r => r with { Model = "acme/big", Fallbacks = ["acme/small"] });
        await world.QuietAsync();
        Assert.Equal(end, (await world.TaskAsync(task.Id)).Status);
        Assert.Equal(end == AgentTaskStatus.Completed ? 1 : 0, world.Harness["child1"].Messages.Count(m => m.Origin == MessageOrigin.Rouse));
        Assert.Equal(fault is HarnessFault.RefusedBefore ? 2 : 1, Delivers(world, "child1"));
        Assert.Single(world.Harness.Children);
        Assert.Single(parent.Wakes);
        Assert.Empty(world.Journal.Slots);
    });

    [Theory] // WAKE-5
    [MemberData(nameof(FirstPrompts))]
    public void A_wake_whose_answer_is_lost_is_dead_lettered_and_never_sent_again(HarnessFault fault, AgentTaskStatus likewise) => Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", fault, c => c.Session == "s");
        await world.DelegateAsync(s);
        await world.QuietAsync();
        await world.WaitAsync(10);
        var known = fault is HarnessFault.RefusedBefore or HarnessFault.Slow;
        var wake = (await world.MailboxAsync(s))[0].Wake!;
        Assert.Equal((known ? WakePhase.Consumed : WakePhase.DeadLettered, known ? null : "Unknown"), (wake.Phase, wake.DeadLetter));
        Assert.Equal(likewise == AgentTaskStatus.Completed ? 1 : 0, parent.Wakes.Count());
        Assert.Equal(fault is HarnessFault.RefusedBefore ? 2 : 1, Delivers(world, "s"));
    });

    [Fact] // WAKE-12
    public void A_wake_that_is_not_begun_is_not_sent_again() => Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        await world.DelegateAsync(s);
        world.Journal.OnCommitted += c =>
        {
            if (c.Events.Any(e => e.Type == "wake.admitted"))
            {
                world.Harness.Die();
                parent.Messages.RemoveAll(m => m.Origin == MessageOrigin.Agent);
            }
        };
        await world.UntilAsync(() => !world.Harness.IsUp, "it died");
        world.Harness.Come();
        await world.QuietAsync();
        Assert.Equal("NotBegun", (await world.MailboxAsync(s))[0].Wake!.DeadLetter);
        Assert.Equal(1, Delivers(world, "s"));
    });

    [Fact]
    public void A_first_prompt_that_is_not_begun_is_not_sent_again() => Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Die();
        world.Harness["child1"].Messages.RemoveAll(m => m.Origin == MessageOrigin.Agent);
        world.Harness.Come();
        var failed = await world.UntilAsync(task.Id, AgentTaskStatus.Failed);
        Assert.Equal("not-begun", failed.Outcome!.Reason);
        Assert.Equal(1, Delivers(world, "child1"));
        await world.QuietAsync();
    });

    [Theory] // WAKE-7
    [InlineData(1, false, WakePhase.Consumed)]
    [InlineData(2, false, WakePhase.DeadLettered)]
    [InlineData(1, true, WakePhase.Consumed)]
    [InlineData(2, true, WakePhase.DeadLettered)]
    public void One_nudge_is_sent_once_whatever_becomes_of_its_answer(int empty, bool loses, WakePhase end) => Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        var turns = 0;
        world.Harness.Play = turn => turn.Session == parent && ++turns <= empty ? turn.WorkAsync(3) : play(turn);
        if (loses)
        {
            world.Harness.Faults.Once("deliver", new HarnessFault.AnswerLost(), c => c.Session == "s" && c.Key!.EndsWith('n'));
        }

        await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Equal(end, (await world.MailboxAsync(s))[0].Wake!.Phase);
        Assert.Equal((2, 2), (parent.Wakes.Count(), turns));
    });

    [Theory] // GATE-7, seeds 486, 3262 and 304567
    [InlineData(3)]
    [InlineData(12)]
    public void A_nudge_is_not_sent_on_the_look_from_before_it_was_put_on_record(int seconds) => Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        var turns = 0;
        var intruded = false;
        world.Harness.Play = turn => turn.Session == parent && ++turns == 1 ? turn.WorkAsync(3) : play(turn);
        world.Harness.OnDeliverCalled += call => intruded |= call.Session == parent.Address && parent.Working;
        world.Journal.Faults.SlowBy = TimeSpan.FromSeconds(seconds);
        world.Journal.Faults.Once("wake.nudged", CommitFault.Slow);
        await world.DelegateAsync(s);
        await world.UntilAsync(() => parent.Wakes.Any() && !parent.Working, "its turn was empty");
        await world.WaitAsync(2);
        world.Harness.PersonSays(parent, "work 60");
        await world.QuietAsync();
        Assert.False(intruded, "a nudge was sent into a session at work");
        Assert.Contains(world.Journal.Events, e => e.Type == "wake.nudge-withdrawn");
        Assert.Equal(WakePhase.Consumed, (await world.MailboxAsync(s))[0].Wake!.Phase);
    });

    [Theory] // CAN-11
    [InlineData("create", false)]
    [InlineData("deliver", false)]
    [InlineData("deliver", true)]
    public void A_stop_waits_for_a_call_that_hangs_as_long_as_whoever_asked_for_it(string call, bool abort) => Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Faults.Once(call, new HarnessFault.Hangs(Done: false));
        await world.DelegateAsync(s);
        await world.UntilAsync(() => world.Harness.CallsOf(call) == 1, "it hangs");
        var before = world.Now;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(9), world.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Node.Engine.StopAsync(abort, patience.Token));
        await world.Node.Engine.DisposeAsync();
        Assert.InRange((world.Now - before).TotalSeconds, 9, 10);
    });

    [Fact] // CRASH-1
    public void A_crash_at_any_act_sends_nothing_twice_and_ends_in_something_that_is_seen()
    {
        var acts = Live(crash: null).Acts.Count;
        for (var act = 1; act <= acts; act++)
        {
            foreach (var after in new[] { false, true })
            {
                var crash = new CrashPoint(act, after);
                var world = Live(crash);
                var crew = world.Journal.Replay(world.Journal.Crews.Single());
                Assert.True(
                    world.Harness.Sessions.All(x => x.Messages.Count(m => m.Origin == MessageOrigin.Rouse) <= 1)
                        && crew.Tasks.Values.Single().Status is AgentTaskStatus.Completed or AgentTaskStatus.Lost
                        && crew.Wakes.Values.All(w => w.Phase is WakePhase.Consumed or WakePhase.DeadLettered)
                        && world.Journal.Slots.Count == 0 && !world.Harness.Sessions.Any(x => x.Working),
                    $"{crash}\n{world.Story}");
            }
        }

        static World Live(CrashPoint? crash) => World.Play(
            async world =>
            {
                var s = await world.RegisterAsync(world.Harness.Open("s"));
                await world.DelegateAsync(s, "work 5", key: "1");
                await world.QuietAsync();
                await world.WaitAsync(15);
            },
            prepare: w =>
            {
                w.Add(World.Main, new AtMostOnceModel());
                if (crash is not null)
                {
                    w.Crashes.Add(crash);
                }
            });
    }

    public static TheoryData<HarnessFault, AgentTaskStatus> LatePrompts => new()
    {
        { new HarnessFault.DoneLater(TimeSpan.FromSeconds(4)), AgentTaskStatus.Completed },
        { new HarnessFault.Lost(), AgentTaskStatus.Lost },
    };

    [Theory] // ATT-9
    [MemberData(nameof(LatePrompts))]
    public void What_a_person_says_in_its_session_does_not_stand_for_the_prompt(HarnessFault fault, AgentTaskStatus end) => Play(async world =>
    {
        var play = world.Harness.Play;
        world.Harness.Play = async turn =>
        {
            if (turn.Prompt.Origin == MessageOrigin.Person)
            {
                await turn.WorkAsync(2);
                turn.Say("said to a person");
                return;
            }

            await play(turn);
        };
        world.Harness.Faults.Once("deliver", fault, c => c.Session == "child1");
        var task = await world.DelegateAsync(await world.RegisterAsync(world.Harness.Open("s")));
        await world.UntilAsync(() => world.Harness.CallsOf("deliver") == 1, "its prompt is sent");
        await world.WaitAsync(0.5);
        world.Harness.PersonSays(world.Harness["child1"], "hello");
        await world.QuietAsync();
        Assert.Equal(end, (await world.TaskAsync(task.Id)).Status);
        Assert.NotEqual("said to a person", (await world.Agents.OutputAsync(task.Id, CancellationToken.None))?.Text);
        Assert.False(world.Harness["child1"].Working, "it works for nobody");
    });

    private static int Delivers(World world, string session) => world.Harness.Calls.Count(c => c.Name == "deliver" && c.Session == session);

    private static void Play(Func<World, Task> story) => World.Play(story, prepare: w => w.Add(World.Main, new AtMostOnceModel()));
}
