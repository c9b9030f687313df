using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class LaneTests
{
    private static void Limit(World world, params (string Lane, int Limit)[] lanes) =>
        world.Options = world.Options with { Lanes = new LaneLimits(lanes.Select(l => KeyValuePair.Create(l.Lane, l.Limit))) };

    [Fact] // LANE-1
    public void A_models_and_its_providers_limit_hold_together() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            for (var i = 0; i < 10; i++)
            {
                await world.DelegateAsync(s, "work 60", change: r => r with { Model = i % 2 == 0 ? "acme/big" : "acme/small" });
            }

            var most = 0;
            var mostBig = 0;
            while (world.Journal.Owed.Count > 0)
            {
                most = Math.Max(most, world.Harness.Children.Count(c => c.Working));
                mostBig = Math.Max(mostBig, world.Harness.Children.Count(c => c.Working && c.Spec!.Model == "acme/big"));
                await world.WaitAsync(1);
            }

            Assert.Equal((5, 3), (most, mostBig));
        },
        prepare: w => Limit(w, ("acme", 5), ("acme/big", 3)));

    [Fact] // LANE-1
    public void Unset_means_five_and_zero_means_unlimited() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => world.DelegateAsync(s, "work 60")));
            await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => world.DelegateAsync(s, "work 60", change: r => r with { Model = "free/any" })));
            await world.WaitAsync(5);
            Assert.Equal(5, world.Harness.Children.Count(c => c.Spec!.Model is null));
            Assert.Equal(7, world.Harness.Children.Count(c => c.Spec!.Model == "free/any"));
        },
        prepare: w => Limit(w, ("free", 0)));

    [Theory] // LANE-2
    [InlineData(false)]
    [InlineData(true)]
    public void Tasks_start_in_the_order_of_acceptance_and_a_cancelled_one_loses_no_slot(bool cancelled) => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var tasks = new List<TaskView>();
            foreach (var name in new[] { "first", "A", "B", "C" })
            {
                tasks.Add(await world.DelegateAsync(s, name, change: r => r with { Description = name }));
            }

            if (cancelled)
            {
                await world.CancelAsync(tasks[2].Id);
            }

            await world.QuietAsync();
            Assert.Equal(cancelled ? ["first", "A", "C"] : ["first", "A", "B", "C"], world.Harness.Children.Select(c => c.Spec!.Title));
        },
        prepare: w => Limit(w, ("default", 1)));

    [Fact] // LANE-3
    public void The_slot_frees_with_the_outcome_and_waits_for_no_wake() => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            var first = await world.DelegateAsync(s, WakePolicy.Each);
            var second = await world.DelegateAsync(s, WakePolicy.Each);
            world.Harness.Faults.Once("deliver", new HarnessFault.Hangs(Done: false), c => c.Session == "s");
            await world.UntilAsync(first.Id, AgentTaskStatus.Completed);
            var settled = world.Now;
            await world.UntilAsync(second.Id, AgentTaskStatus.Running);
            Assert.True(world.Now - settled < TimeSpan.FromSeconds(1));
            await world.QuietAsync();
            Assert.Equal(2, parent.Wakes.Count());
        },
        prepare: w => Limit(w, ("default", 1)));

    [Fact] // LANE-4
    public void A_settling_task_holds_no_slot_and_its_wake_takes_one_back_ahead_of_new_attempts() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            world.Harness.Play = async turn =>
            {
                await turn.WorkAsync(10);
                if (turn.Prompt.Text == "delegate")
                {
                    await world.DelegateAsync(await world.IdOfAsync(turn.Session), "inner", change: r => r with { Description = "inner" });
                }

                turn.Say(turn.IsWake ? "noted" : turn.Prompt.Text);
            };
            var outer = await world.DelegateAsync(s, "delegate", change: r => r with { Description = "outer" });
            await world.UntilAsync(outer.Id, AgentTaskStatus.Settling);
            await world.UntilAsync(() => world.Harness.Children.Count() == 2, "the inner one starts while the outer one settles", 2);

            var later = await world.DelegateAsync(s, "later", change: r => r with { Description = "later" });
            await world.QuietAsync();
            var done = await world.TaskAsync(outer.Id);
            Assert.True(world.Journal.Replay(s.Crew).Find(later.Id)!.Current.StartedAt >= done.SettledAt, "the wake was ahead of the later one");
            Assert.Equal("noted", (await world.Agents.OutputAsync(outer.Id, CancellationToken.None))!.Text);
        },
        prepare: w => Limit(w, ("default", 1)));

    [Fact] // LANE-5
    public void A_slot_granted_while_its_task_is_cancelled_goes_to_the_next_at_once()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var turns = seed % 12; // so many turns of the scheduler before the cancel is asked for
            World.Play(
                async world =>
                {
                    var s = await world.RegisterAsync(world.Harness.Open("s"));
                    var running = await world.DelegateAsync(s, "first");
                    var cancelled = await world.DelegateAsync(s, "cancelled");
                    var next = await world.DelegateAsync(s, "next");
                    await world.UntilAsync(running.Id, AgentTaskStatus.Running);
                    await world.WaitAsync(9.5);
                    var asked = false;
                    world.Journal.OnCommitting += c =>
                    {
                        if (c.SlotsFreed.Count > 0 && !asked)
                        {
                            asked = true;
                            _ = CancelAsync();
                        }
                    };
                    await world.UntilAsync(running.Id, AgentTaskStatus.Completed);
                    await world.UntilAsync(next.Id, AgentTaskStatus.Running, mostSeconds: 0.5);
                    Assert.Equal(AgentTaskStatus.Cancelled, (await world.TaskAsync(cancelled.Id)).Status);
                    Assert.DoesNotContain(world.Harness.Children, c => c.Messages.Exists(m => m.Text == "cancelled"));

                    async Task CancelAsync()
                    {
                        for (var i = 0; i < turns; i++)
                        {
                            await Task.Yield();
                        }

                        await world.Agents.CancelAsync(cancelled.Id, by: null, CancellationToken.None);
                    }
                },
                seed, prepare: w => Limit(w, ("default", 1)));
        }
    }

    [Fact] // LANE-6
    public void Of_two_nodes_that_start_an_attempt_for_one_slot_one_wins_and_the_other_touches_no_harness() => World.Play(
        async world =>
        {
            var other = new SimNode(world, "other");
            await other.Engine.StartAsync(CancellationToken.None);
            var a = await world.RegisterAsync(world.Harness.Open("a"));
            var b = (await other.Agents.RegisterAsync(new SessionRequest { Address = world.Harness.Open("b").Address }, CancellationToken.None)).Session.Id;
            var request = new DelegationRequest { From = b, Agent = "worker", Prompt = "b" };
            var both = await Task.WhenAll(world.DelegateAsync(a, "a"), DelegateAtOther());
            await world.WaitAsync(5);
            Assert.Single(world.Harness.Children);
            Assert.Single(both, t => world.Journal.Slots.Any(s => s.Task == t.Id));
            await world.UntilAsync(both[0].Id, AgentTaskStatus.Completed);
            await world.UntilAsync(both[1].Id, AgentTaskStatus.Completed);
            await other.Engine.DisposeAsync();

            async Task<TaskView> DelegateAtOther() => (await other.Agents.DelegateAsync(request, CancellationToken.None)).Task;
        },
        prepare: w => Limit(w, ("default", 1)));

    [Fact] // LANE-7
    public void The_crew_with_the_fewest_running_gets_the_next_slot() => World.Play(async world =>
    {
        var a = await world.RegisterAsync(world.Harness.Open("a"));
        var b = await world.RegisterAsync(world.Harness.Open("b"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => world.DelegateAsync(a, "work 60")));
        await world.WaitAsync(1);
        var lone = await world.DelegateAsync(b, "work 60");
        Assert.Equal(AgentTaskStatus.Queued, lone.Status);
        await world.UntilAsync(lone.Id, AgentTaskStatus.Running, 65);
    });

    [Fact] // LANE-7
    public void A_start_that_comes_to_nothing_no_longer_counts_for_its_crew() => World.Play(
        async world =>
        {
            var a = await world.RegisterAsync(world.Harness.Open("a"));
            var b = await world.RegisterAsync(world.Harness.Open("b"));
            var c = await world.RegisterAsync(world.Harness.Open("c"));
            await Task.WhenAll(world.DelegateAsync(b, "work 60"), world.DelegateAsync(c, "work 60"));
            world.Harness.Cut();
            await world.WaitAsync(1);
            var (waiting, cancelling) = (new List<TaskView>(), false);
            foreach (var from in new[] { b, c, a, a })
            {
                waiting.Add(await world.DelegateAsync(from, "work 60"));
            }

            // What is chosen when the instance comes back stands behind the cancel, which the store takes long for.
            world.Journal.Faults.Once("task.settled", CommitFault.Slow);
            world.Journal.OnCommitting += c => cancelling |= c.Events.Any(e => e.Type == "task.settled");
            var cancel = world.Agents.CancelAsync(waiting[2].Id, by: null, CancellationToken.None);
            await world.UntilAsync(() => cancelling, "it is on its way into the store");
            world.Harness.Come();
            await cancel;
            await world.UntilAsync(waiting[3].Id, AgentTaskStatus.Running, 5);
            Assert.Equal(
                [AgentTaskStatus.Running, AgentTaskStatus.Queued, AgentTaskStatus.Cancelled, AgentTaskStatus.Running],
                await Task.WhenAll(waiting.Select(async w => (await world.TaskAsync(w.Id)).Status)));
        },
        prepare: w => Limit(w, ("default", 4)));

    [Fact] // LANE-8
    public void The_higher_priority_starts_first_and_what_waits_rises() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s, "work 900");
            var low = await world.DelegateAsync(s, "work 900");
            var high = await world.DelegateAsync(s, "work 900", change: r => r with { Priority = 1 });
            await world.UntilAsync(high.Id, AgentTaskStatus.Running);
            Assert.Equal(AgentTaskStatus.Queued, (await world.TaskAsync(low.Id)).Status);

            // A steady load of one step more: the one that has waited longest has risen above it.
            for (var i = 0; i < 4; i++)
            {
                await world.DelegateAsync(s, "work 900", change: r => r with { Priority = 1 });
            }

            await world.UntilAsync(low.Id, AgentTaskStatus.Running, 2000);
        },
        prepare: w => Limit(w, ("default", 1)));

    [Fact] // LANE-9
    public void What_is_queued_shows_its_lane_and_place() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s);
            await world.WaitAsync(1);
            var queued = new List<TaskView> { await world.DelegateAsync(s), await world.DelegateAsync(s), await world.DelegateAsync(s) };
            Assert.Equal([1, 2, 3], queued.Select(t => t.Lane!.Place));
            await world.CancelAsync(queued[1].Id);
            Assert.Equal(1, (await world.TaskAsync(queued[0].Id)).Lane!.Place);
            Assert.Equal(2, (await world.TaskAsync(queued[2].Id)).Lane!.Place);
        },
        prepare: w => Limit(w, ("default", 1)));

    [Fact]
    public void A_crew_that_is_read_again_while_its_starts_are_under_way_loses_no_slot_and_takes_none_twice()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            World.Play(
                async world =>
                {
                    var s = await world.RegisterAsync(world.Harness.Open("s"));
                    var t = await world.RegisterAsync(world.Harness.Open("t"));
                    world.Journal.Faults.Each = c => c.Events.Any(e => e.Type == "attempt.started") && world.Time.Random.Next(3) == 0
                        ? CommitFault.LosesAcknowledgement
                        : CommitFault.None;
                    await Task.WhenAll(Enumerable.Range(0, 12).Select(i => DelegateAsync(i % 3 == 0 ? s : t, $"{i}")));
                    while (world.Journal.Owed.Count > 0)
                    {
                        Assert.InRange(world.Journal.Slots.Count, 0, 3);
                        await world.WaitAsync(0.25);
                    }

                    Assert.DoesNotContain("LaneFull", world.Story.ToString(), StringComparison.Ordinal);

                    async Task DelegateAsync(SessionId from, string key)
                    {
                        for (var accepted = false; !accepted;)
                        {
                            try
                            {
                                await world.DelegateAsync(from, "work 1", key);
                                accepted = true;
                            }
                            catch (JournalUnavailableException)
                            {
                                await world.WaitAsync(0.01);
                            }
                        }
                    }
                },
                seed, prepare: w => Limit(w, ("default", 3)));
        }
    }
}
