using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class WakeTests
{
    [Fact] // WAKE-1
    public void A_wake_is_listed_as_owed_at_every_instant_until_it_is_consumed() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", new HarnessFault.Hangs(Done: true), c => c.Session == "s");
        world.Journal.OnCommitted += _ =>
        {
            var crew = world.Journal.Replay(s.Crew);
            foreach (var wake in crew.Wakes.Values.Where(w => w.IsOpen))
            {
                Assert.Contains(world.Journal.Owed, o => o.Obligation.Kind is ObligationKind.Deliver or ObligationKind.Confirm && o.Obligation.Subject == wake.Id.Number);
            }

            Assert.Equal(crew.Owes().OrderBy(o => o.Key.ToString(), StringComparer.Ordinal), world.Journal.Owed.Select(o => o.Obligation).OrderBy(o => o.Key.ToString(), StringComparer.Ordinal));
        };
        await world.DelegateAsync(s);
        await world.UntilAsync(() => parent.Wakes.Any(), "the wake is on its way");
        await world.RestartAsync();
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // WAKE-3
    public void A_harness_that_takes_a_prompt_and_dies_before_it_stores_it_gets_it_once_more() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", new HarnessFault.Answers(new DeliverResult.Sent()), c => c.Session == "s");
        await world.DelegateAsync(s);
        await world.UntilAsync(() => world.Harness.Calls.Exists(c => c is { Name: "deliver", Session: "s" }), "it was sent");
        await world.WaitAsync(3);
        Assert.Equal(WakePhase.Dispatched, (await world.MailboxAsync(s))[0].Wake!.Phase);
        await world.QuietAsync();
        var wake = (await world.MailboxAsync(s))[0].Wake!;
        Assert.Equal((WakePhase.Consumed, 2), (wake.Phase, wake.Sends));
        Assert.Single(parent.Wakes);
    });

    [Fact] // WAKE-4
    public void A_send_that_stored_the_prompt_and_broke_is_found_and_not_repeated() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", new HarnessFault.AnswerLost(), c => c.Session == "s");
        await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
        Assert.Equal(1, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "s" }));
    });

    [Theory] // WAKE-5
    [InlineData(DeliveryGrade.ExactlyOnce, 2, WakePhase.Consumed)]
    [InlineData(DeliveryGrade.AtMostOnce, 1, WakePhase.DeadLettered)]
    public void A_send_that_broke_and_left_no_trace_is_sent_once_more_after_quiet_with_the_same_key(DeliveryGrade grade, int sends, WakePhase end) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            world.Harness.Faults.Once("deliver", new HarnessFault.Lost(), c => c.Session == "s");
            await world.DelegateAsync(s);
            await world.UntilAsync(() => world.Harness.Calls.Exists(c => c is { Name: "deliver", Session: "s" }), "it was sent");
            var first = world.Now;
            await world.QuietAsync();
            var delivers = world.Harness.Calls.Where(c => c is { Name: "deliver", Session: "s" }).ToList();
            Assert.Equal(sends, delivers.Count);
            Assert.Single(delivers.Select(c => c.Key).Distinct());
            var notice = (await world.MailboxAsync(s))[0];
            Assert.Equal(end, notice.Wake!.Phase);
            if (end == WakePhase.DeadLettered)
            {
                Assert.Equal("Unknown", notice.Wake.DeadLetter);
            }
            else
            {
                Assert.True(parent.Wakes.Single().At - first > TimeSpan.FromSeconds(4.8));
            }
        },
        prepare: w => w.Harness.Grade = w.Harness.Grade with { Delivery = grade });

    [Fact] // WAKE-5
    public void A_prompt_that_is_stored_late_is_found_by_the_read_back() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(4)), c => c.Session == "s");
        await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
        Assert.Equal(1, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "s" }));
    });

    [Fact] // WAKE-6
    public void What_was_refused_before_it_was_sent_uses_no_try() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", new HarnessFault.RefusedBefore(), c => c.Session == "s");
        world.Harness.Faults.Once("deliver", new HarnessFault.RefusedBefore(), c => c.Session == "s");
        await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Equal(1, (await world.MailboxAsync(s))[0].Wake!.Sends);
        Assert.Single(parent.Wakes);
    });

    [Theory] // WAKE-7
    [InlineData(1, WakePhase.Consumed)]
    [InlineData(2, WakePhase.DeadLettered)]
    public void An_empty_turn_is_followed_by_one_nudge_and_a_second_one_by_a_dead_letter(int empty, WakePhase end) => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        var turns = 0;
        world.Harness.Play = turn => turn.Session == parent && ++turns <= empty ? turn.WorkAsync(3) : play(turn);
        var task = await world.DelegateAsync(s);
        await world.QuietAsync();
        var wakes = parent.Wakes.ToList();
        Assert.Equal(2, wakes.Count);
        Assert.DoesNotContain(task.Id.ToString(), wakes[1].Text, StringComparison.Ordinal);
        var wake = (await world.MailboxAsync(s))[0].Wake!;
        Assert.Equal(end, wake.Phase);
        Assert.Equal(end == WakePhase.DeadLettered ? "NotConsumed" : null, wake.DeadLetter);
        Assert.Equal(2, turns); // WAKE-14
    });

    [Fact] // WAKE-7
    public void A_nudge_whose_call_broke_is_read_back_for_a_while_before_it_is_sent_again() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        var turns = 0;
        world.Harness.Play = turn =>
        {
            if (turn.Session != parent || ++turns > 1)
            {
                return play(turn);
            }

            world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(3)), c => c.Session == "s");
            return turn.WorkAsync(3);
        };
        await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Equal(2, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "s" }));
        Assert.Equal(2, parent.Wakes.Count());
        Assert.Equal(WakePhase.Consumed, (await world.MailboxAsync(s))[0].Wake!.Phase);
    });

    [Fact] // WAKE-7
    public void A_nudge_that_never_arrives_is_sent_less_and_less_often() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        world.Harness.Play = turn => turn.Session == parent ? turn.WorkAsync(3) : play(turn);
        await world.DelegateAsync(s);
        await world.UntilAsync(() => parent.Working, "its wake is under way");
        world.Harness.Faults.Each = c => c is { Name: "deliver", Session: "s" } ? new HarnessFault.Lost() : null;
        await world.WaitAsync(3600);
        Assert.InRange(world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "s" }), 10, 25);
    });

    [Theory] // WAKE-8
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_look_from_before_the_wake_does_not_count_as_its_consumption(int seed) => World.Play(
        async world =>
        {
            // The child has output from before its wake. Slow looks bring that news after the wake was admitted.
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            world.Harness.Latency = TimeSpan.FromMilliseconds(800);
            world.Harness.Play = async turn =>
            {
                await turn.WorkAsync(turn.IsWake ? 30 : 5);
                if (turn.Prompt.Text == "outer")
                {
                    await world.DelegateAsync(await world.IdOfAsync(turn.Session), "inner");
                }

                turn.Say(turn.IsWake ? "with the inner result" : "without it");
                if (turn.Prompt.Text == "inner")
                {
                    _ = ChatterAsync();
                }
            };
            var outer = await world.DelegateAsync(s, "outer");
            await world.UntilAsync(outer.Id, AgentTaskStatus.Completed);
            Assert.Equal("with the inner result", (await world.Agents.OutputAsync(outer.Id, CancellationToken.None))!.Text);

            async Task ChatterAsync()
            {
                for (var i = 0; i < 100; i++)
                {
                    await world.WaitAsync(0.11);
                    world.Harness.Say(new HarnessSignal.Changed("child1"));
                }
            }
        },
        seed);

    [Fact] // WAKE-9
    public void A_dispatch_that_never_answers_is_unknown_after_30_seconds_and_holds_up_nobody() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var other = world.Harness.Open("other");
        var s = await world.RegisterAsync(parent);
        var o = await world.RegisterAsync(other);
        world.Harness.Faults.Once("deliver", new HarnessFault.Hangs(Done: false), c => c.Session == "s");
        await world.DelegateAsync(s, "work 10");
        await world.DelegateAsync(o, "work 11");
        await world.UntilAsync(() => other.Wakes.Any(), "another session is woken meanwhile", 13);
        Assert.Empty(parent.Wakes);
        await world.UntilAsync(() => parent.Wakes.Any(), "it is sent once more", 45);
        var steps = (await world.MailboxAsync(s))[0].Wake!.Receipt;
        var took = steps.First(x => x.Step == "dispatched").At - steps.First(x => x.Step == "leased").At;
        Assert.InRange(took.TotalSeconds, 30, 31);
    });

    [Fact] // WAKE-10
    public void A_parent_that_is_gone_is_dead_lettered_without_a_send() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        await world.DelegateAsync(s);
        await world.WaitAsync(5);
        world.Harness.Delete(parent, tell: false);
        await world.QuietAsync();
        var notice = (await world.MailboxAsync(s))[0];
        Assert.Equal((NoticeState.DeadLettered, "SessionGone", 0), (notice.State, notice.Wake!.DeadLetter!, notice.Wake.Sends));
        Assert.InRange(world.Time.Elapsed.TotalSeconds, 70, 80);
    });

    [Fact] // WAKE-10
    public void A_wake_for_an_instance_that_is_down_is_parked_and_goes_out_when_it_is_back() => World.Play(async world =>
    {
        var far = world.Add("sim@far");
        await world.RestartAsync();
        var parent = far.Open("s");
        var s = await world.RegisterAsync(parent);
        await world.DelegateAsync(s, change: r => r with { Instance = World.Main });
        await world.WaitAsync(5);
        far.Die();
        await world.WaitAsync(3 * 3600);
        var calls = far.Calls.Count;
        var wake = (await world.MailboxAsync(s))[0].Wake!;
        Assert.Equal((0, "instance-down"), (wake.Sends, wake.Hold!.Reason));
        far.Come();
        await world.QuietAsync(60);
        Assert.Single(parent.Wakes);
        Assert.InRange(calls, 0, 3);
    });

    [Fact] // WAKE-12
    public void A_stored_wake_that_was_never_run_is_run_and_not_stored_again() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var play = world.Harness.Play;
        await world.DelegateAsync(s, "work 10");
        world.Journal.OnCommitted += c =>
        {
            if (c.Events.Any(e => e.Type == "wake.admitted"))
            {
                // The process dies after it stored the message and before a turn left a trace.
                world.Harness.Die();
                parent.Messages.RemoveAll(m => m.Origin == MessageOrigin.Agent);
            }
        };
        await world.UntilAsync(() => !world.Harness.IsUp, "it died");
        await world.WaitAsync(60);
        world.Harness.Come();
        await world.QuietAsync(120);
        Assert.Single(parent.Wakes);
        Assert.Single(parent.Answers);
    });
}
