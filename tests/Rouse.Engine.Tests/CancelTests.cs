using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class CancelTests
{
    [Fact] // CAN-1, CAN-7
    public void A_queued_task_is_cancelled_without_a_call_and_a_second_cancel_changes_nothing() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s, "work 100");
            var queued = await world.DelegateAsync(s);
            await world.WaitAsync(1);
            var calls = world.Harness.Calls.Count;
            var first = await world.CancelAsync(queued.Id, by: s);
            var second = await world.CancelAsync(queued.Id, by: s);
            Assert.Equal((AgentTaskStatus.Queued, AgentTaskStatus.Cancelled), (first.Items[0].Before, first.Items[0].Status));
            Assert.Equal((AgentTaskStatus.Cancelled, AgentTaskStatus.Cancelled), (second.Items[0].Before, second.Items[0].Status));
            Assert.Equal(calls, world.Harness.Calls.Count);
        },
        prepare: w => w.Options = new EngineOptions { Lanes = new LaneLimits([KeyValuePair.Create("default", 1)]) });

    [Fact] // CAN-2
    public void A_running_task_is_cancelled_before_its_abort_and_what_comes_late_wakes_nobody() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Play = async turn =>
        {
            turn.Say("half a result");
            await turn.WorkAsync(100);
        };
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        var aborts = 0;
        world.Journal.OnCommitted += c => aborts = c.Events.Any(e => e.Type == "task.settled") ? world.Harness.CallsOf("abort") : aborts;
        var reply = await world.CancelAsync(task.Id, by: s);
        Assert.Equal((AgentTaskStatus.Cancelled, 0), (reply.Items[0].Status, aborts));
        await world.QuietAsync();
        Assert.Empty(parent.Wakes);
        var output = await world.Agents.OutputAsync(task.Id, CancellationToken.None);
        Assert.Equal(("half a result", true), (output!.Text, output.Partial)); // DONE-10
    });

    [Fact] // CAN-3
    public void A_cancel_while_the_session_is_created_aborts_it_and_sends_no_prompt() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        await world.WaitAsync(10); // before that a prompt of the node before might still arrive, and there would be a second abort
        world.Harness.Faults.Once("create", new HarnessFault.Slow(TimeSpan.FromSeconds(4)));
        var task = await world.DelegateAsync(s, "first");
        var sibling = await world.DelegateAsync(s, "sibling");
        await world.WaitAsync(1);
        await world.CancelAsync(task.Id);
        await world.UntilAsync(sibling.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
        Assert.Equal(2, world.Harness.Children.Count());
        Assert.DoesNotContain(world.Harness.Children, c => c.Messages.Exists(m => m.Text == "first"));
        Assert.Equal(1, world.Harness.CallsOf("abort"));
        Assert.Empty(world.Journal.Slots);
    });

    [Fact] // CAN-4
    public void An_abort_that_does_not_work_stays_owed_and_keeps_the_slot() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var task = await world.DelegateAsync(s, "work 100000");
            var next = await world.DelegateAsync(s, "next");
            await world.UntilAsync(task.Id, AgentTaskStatus.Running);
            world.Harness.Faults.Each = c => c.Name == "abort" ? new HarnessFault.Answers(new AbortResult.NotSeen("it runs on")) : null;
            await world.CancelAsync(task.Id);
            await world.WaitAsync(600);
            Assert.Contains(world.Journal.Owed, o => o.Obligation.Kind == ObligationKind.Abort);
            Assert.Single(world.Journal.Slots, x => x.Task == task.Id);
            Assert.Equal(AgentTaskStatus.Queued, (await world.TaskAsync(next.Id)).Status);
            var explained = await world.Agents.ExplainAsync(task.Id, CancellationToken.None);
            Assert.Contains(explained!.Reasons, r => r.Contains("it runs on", StringComparison.Ordinal));
            Assert.InRange(world.Harness.CallsOf("abort"), 3, 15);

            world.Harness.Faults.Each = null;
            await world.UntilAsync(next.Id, AgentTaskStatus.Completed);
        },
        prepare: w => w.Options = new EngineOptions { Lanes = new LaneLimits([KeyValuePair.Create("default", 1)]) });

    [Fact] // CAN-5
    public void A_cancelled_tree_ends_in_one_commit_and_a_delegation_from_inside_is_refused() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var refusals = new List<string>();
        world.Harness.Play = async turn =>
        {
            await turn.WorkAsync(5);
            if (turn.Session.Spec is not null)
            {
                try
                {
                    await world.DelegateAsync(await world.IdOfAsync(turn.Session));
                }
                catch (RefusedException refused)
                {
                    refusals.Add(refused.Refusal.Type);
                }
            }

            await turn.WorkAsync(1000);
        };
        var top = await world.DelegateAsync(s);
        await world.UntilAsync(() => world.Harness.Children.Count() == 3 && world.Harness.Children.All(c => c.Working), "three levels run");
        var reply = await world.CancelAsync(top.Id, by: s);
        Assert.Equal(3, reply.Items.Count);
        Assert.Single(world.Journal.Commits, c => c.Events.Any(e => e.Type == "task.settled"));
        var late = await Assert.ThrowsAsync<RefusedException>(async () => await world.DelegateAsync(await world.IdOfAsync(world.Harness["child2"])));
        Assert.Equal("task-settled", late.Refusal.Type);
        await world.QuietAsync();
        Assert.DoesNotContain(world.Harness.Children, c => c.Working);
        Assert.Empty(parent.Wakes);
    });

    [Fact] // CAN-6
    public void A_cancelled_task_stays_cancelled_through_restarts_and_late_news() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 30");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        await world.CancelAsync(task.Id, by: s);
        await world.QuietAsync();
        var child = world.Harness["child1"];
        var runs = world.Harness.Runs.Values.Sum();
        await world.RestartAsync();
        world.Harness.Die();
        await world.WaitAsync(5);
        world.Harness.Come();
        world.Harness.PersonSays(child, "go on");
        await world.WaitAsync(3600);
        await world.RestartAsync();
        await world.WaitAsync(60);
        Assert.Equal(AgentTaskStatus.Cancelled, (await world.TaskAsync(task.Id)).Status);
        Assert.Equal(runs, world.Harness.Runs.Values.Sum());
        Assert.Single(world.Harness.Children);
    });

    [Fact] // CAN-6
    public void A_wake_on_its_way_into_a_session_that_is_stopped_does_not_start_it_again() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var play = world.Harness.Play;
        world.Harness.Play = async turn =>
        {
            if (turn.Prompt.Text == "outer")
            {
                await turn.WorkAsync(1);
                await world.DelegateAsync(await world.IdOfAsync(turn.Session), "work 5");
            }

            await play(turn);
        };
        world.Harness.Faults.Once("deliver", new HarnessFault.Slow(TimeSpan.FromSeconds(10)), c => c.Session == "child1" && c.Key!.Contains("_w", StringComparison.Ordinal));
        var outer = await world.DelegateAsync(s, "outer");
        await world.UntilAsync(() => world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "child1" }) == 2, "the wake is on its way");
        await world.CancelAsync(outer.Id, by: s);
        await world.QuietAsync();
        var messages = world.Harness["child1"].Messages.Count;
        await world.WaitAsync(60);
        Assert.Equal(messages, world.Harness["child1"].Messages.Count);
        Assert.DoesNotContain(world.Harness["child1"].Answers, a => a.Text == "noted");
    });

    /// <summary>Seed 321662: the crew had forgotten the task with the first cancel, and the second one was told what had been so before.</summary>
    [Fact] // CAN-7
    public void A_cancel_beside_that_of_the_task_above_says_what_became_of_it() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var outer = await world.DelegateAsync(s, "work 600");
            await world.UntilAsync(outer.Id, AgentTaskStatus.Running);
            var inner = await world.DelegateAsync(await world.IdOfAsync(world.Harness["child1"]));
            Assert.Equal(AgentTaskStatus.Queued, inner.Status);
            world.Journal.Faults.Once("task.settled", CommitFault.Slow);
            var first = world.CancelAsync(outer.Id);
            await world.WaitAsync(1);
            var second = await world.CancelAsync(inner.Id);
            Assert.True(first.IsCompletedSuccessfully);
            Assert.Equal(AgentTaskStatus.Cancelled, Assert.Single(second.Items).Status);
        },
        prepare: w => w.Options = new EngineOptions { SnapshotEvery = 1, Lanes = new LaneLimits([KeyValuePair.Create("default", 1)]) });

    [Theory] // CAN-5
    [InlineData(false, AgentTaskStatus.Running)]
    [InlineData(true, AgentTaskStatus.Running)]
    [InlineData(false, AgentTaskStatus.Settling)]
    [InlineData(true, AgentTaskStatus.Settling)]
    public void A_wake_below_what_is_cancelled_works_no_longer_also_when_it_comes_late(bool isLate, AgentTaskStatus status) => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        await world.WaitAsync(60); // longer than anything is on its way that was sent before this node began
        var (outer, below, native) = await OpenBelowAsync(world, s, status == AgentTaskStatus.Running ? "work 1000" : "work 3");
        if (isLate)
        {
            world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(4)), c => c.Session == "below");
        }

        await world.DelegateAsync(native, "work 10");
        await world.UntilAsync(() => isLate ? world.Harness.Calls.Any(c => c is { Name: "deliver", Session: "below" }) : below.Working, "its wake is under way");
        Assert.Equal(status, (await world.TaskAsync(outer.Id)).Status);
        await world.CancelAsync(outer.Id);
        await world.QuietAsync();
        await world.WaitAsync(10);
        Assert.Single(below.Wakes);
        Assert.DoesNotContain(world.Harness.Sessions, x => x.Working);
        Assert.Empty(world.Journal.Slots);
    });

    [Theory] // CAN-10, CAN-11
    [InlineData(false)]
    [InlineData(true)]
    public void A_wake_below_what_has_settled_down_is_stopped_when_its_session_is_deleted_and_by_a_stop_that_aborts(bool isStop) => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var (outer, below, native) = await OpenBelowAsync(world, s, "work 3");
        await world.DelegateAsync(native, WakePolicy.Each, "work 10");
        await world.DelegateAsync(native, WakePolicy.Each, isStop ? "work 10" : "work 1000");
        await world.UntilAsync(() => below.Working, "its wake is under way");
        await world.UntilAsync(outer.Id, AgentTaskStatus.Settling);
        if (isStop)
        {
            await world.Node.Engine.StopAsync(abort: true, CancellationToken.None);
        }
        else
        {
            world.Harness.Delete(world.Harness["child1"]);
            await world.UntilAsync(outer.Id, AgentTaskStatus.Cancelled);
            await world.WaitAsync(60);
        }

        Assert.False(below.Working);
        Assert.Empty(world.Journal.Slots);
    });

    [Fact] // CAN-5
    public void A_wake_that_comes_while_a_session_below_is_being_stopped_works_no_longer() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        await world.WaitAsync(60); // longer than anything is on its way that was sent before this node began
        var (outer, below, native) = await OpenBelowAsync(world, s, "work 1");
        var play = world.Harness.Play;
        world.Harness.Play = turn => turn.IsWake && turn.Session.Address.Id == "child1" ? turn.WorkAsync(600) : play(turn);
        await world.DelegateAsync(native, "work 1");
        await world.UntilAsync(() => below.Working, "its wake is under way");
        world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(4)), c => c.Session == "child1");
        await world.DelegateAsync(await world.IdOfAsync(world.Harness["child1"]), "work 1");
        await world.UntilAsync(() => world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "child1" }) == 2, "the session's own wake is on its way");
        world.Harness.Faults.Once("abort", new HarnessFault.Slow(TimeSpan.FromSeconds(6)), c => c.Session == "below");
        await world.CancelAsync(outer.Id);
        await world.QuietAsync();
        await world.WaitAsync(10);
        Assert.Single(world.Harness["child1"].Wakes);
        Assert.DoesNotContain(world.Harness.Sessions, x => x.Working);
        Assert.Empty(world.Journal.Slots);
    });

    [Theory] // CAN-5
    [InlineData("up")]
    [InlineData("up, and its session runs on")]
    [InlineData("down")]
    public void A_session_below_on_another_instance_is_stopped_where_that_can_be_reached_and_holds_up_nothing(string other) => World.Play(
        async world =>
        {
            var far = world.Harnesses["far"];
            var below = far.Open("below");
            far.Play = turn => turn.WorkAsync(turn.IsWake ? 600 : 1);
            var outer = await world.DelegateAsync(await world.RegisterAsync(world.Harness.Open("s")), "work 1000");
            await world.UntilAsync(outer.Id, AgentTaskStatus.Running);
            var request = new SessionRequest { Address = below.Address, Parent = await world.IdOfAsync(world.Harness["child1"]) };
            await world.DelegateAsync((await world.AskAsync(a => a.RegisterAsync(request, CancellationToken.None))).Session.Id);
            await world.UntilAsync(() => below.Working, "its wake is under way");
            far.Faults.Each = c => c.Name == "abort" && other != "up" ? new HarnessFault.Answers(new AbortResult.NotSeen("it runs on")) : null;
            if (other == "down")
            {
                far.Die();
                await world.WaitAsync(1);
            }

            await world.CancelAsync(outer.Id);
            await world.UntilAsync(() => world.Journal.Slots.Count == 0, "its slots are free", 60);
            Assert.Equal(other == "down" ? 0 : 1, far.Calls.Count(c => c is { Name: "abort", Session: "below" }));
            Assert.True(other != "up" || !below.Working, "it works");
        },
        prepare: w => w.Add("far", new OpenCodeModel()));

    /// <summary>A task whose session has another one below it, where a wake's turn works for long.</summary>
    private static async Task<(TaskView Outer, SimSession Below, SessionId Native)> OpenBelowAsync(World world, SessionId from, string work)
    {
        var below = world.Harness.Open("below");
        var play = world.Harness.Play;
        world.Harness.Play = turn => turn.Session == below ? turn.WorkAsync(600) : play(turn);
        var outer = await world.DelegateAsync(from, work);
        await world.UntilAsync(outer.Id, AgentTaskStatus.Running);
        var request = new SessionRequest { Address = below.Address, Parent = await world.IdOfAsync(world.Harness["child1"]) };
        return (outer, below, (await world.AskAsync(a => a.RegisterAsync(request, CancellationToken.None))).Session.Id);
    }

    [Fact] // CAN-9
    public void The_cancel_of_the_last_open_one_of_a_group_lets_the_wake_for_the_others_go() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        await world.DelegateAsync(s);
        await world.DelegateAsync(s);
        var open = await world.DelegateAsync(s, "work 1000");
        await world.WaitAsync(20);
        Assert.Empty(parent.Wakes);
        await world.CancelAsync(open.Id, by: s);
        await world.UntilAsync(() => parent.Wakes.Any(), "the wake for the two goes out at once", 1);
        await world.QuietAsync();
        var wake = Assert.Single(parent.Wakes);
        Assert.Contains("completed", wake.Text, StringComparison.Ordinal);
    });

    [Fact] // CAN-10
    public void A_session_deleted_in_its_harness_cancels_its_task_and_all_under_it() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Play = async turn =>
        {
            await turn.WorkAsync(5);
            if (turn.Prompt.Text == "outer")
            {
                await world.DelegateAsync(await world.IdOfAsync(turn.Session), "work 1000");
            }

            await turn.WorkAsync(turn.IsWake ? 1 : 1000);
            turn.Say("noted");
        };
        var outer = await world.DelegateAsync(s, "outer");
        await world.UntilAsync(() => world.Harness.Children.Count(c => c.Working) == 2, "both run");
        world.Harness.Delete(world.Harness["child1"]);
        await world.UntilAsync(outer.Id, AgentTaskStatus.Cancelled, 5);
        await world.QuietAsync();
        Assert.All(world.Journal.Replay(s.Crew).Tasks.Values, t => Assert.Equal(AgentTaskStatus.Cancelled, t.Status));
        Assert.Single(parent.Wakes);
        Assert.Empty(world.Journal.Slots);
    });

    [Fact] // CAN-10
    public void A_deleted_parent_has_its_work_cancelled_and_its_mailbox_dead_lettered() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var done = await world.DelegateAsync(s, WakePolicy.None);
        var open = await world.DelegateAsync(s, "work 1000");
        await world.UntilAsync(done.Id, AgentTaskStatus.Completed);
        world.Harness.Delete(parent);
        await world.UntilAsync(open.Id, AgentTaskStatus.Cancelled, 5);
        await world.QuietAsync();
        Assert.All(await world.MailboxAsync(s), n => Assert.Equal((NoticeState.DeadLettered, "SessionGone"), (n.State, n.DeadLetter!)));
        Assert.NotEmpty((await world.Agents.DeadLettersAsync(after: null, 10, CancellationToken.None)).Items);
        var child = (await world.TaskAsync(done.Id)).Attempts[^1].Session!.Id;
        Assert.Equal($"result of {child}", (await world.Agents.OutputAsync(done.Id, CancellationToken.None))!.Text);
    });

    [Fact] // CAN-11
    public void A_node_that_stops_leaves_children_running_and_the_next_one_supervises_them() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s, "work 60");
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        var before = world.Now;
        await world.Node.Engine.StopAsync(abort: false, CancellationToken.None);
        Assert.True(world.Now - before < TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<RefusedException>(() => world.DelegateAsync(s));
        Assert.True(world.Harness["child1"].Working);
        await world.RestartAsync();
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // CAN-11
    public void A_node_that_stops_with_abort_waits_until_all_is_seen_ended()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            World.Play(
                async world =>
                {
                    var s = await world.RegisterAsync(world.Harness.Open("s"));
                    await Task.WhenAll(Enumerable.Range(0, world.Time.Random.Next(1, 9)).Select(_ => world.DelegateAsync(s, "work 600")));
                    await world.WaitAsync(world.Time.Random.NextDouble() / 10);
                    var before = world.Now;
                    world.Harness.Latency *= world.Time.Random.NextDouble();
                    await world.Node.Engine.StopAsync(abort: true, CancellationToken.None);
                    Assert.True(world.Now - before < TimeSpan.FromSeconds(10));
                    Assert.DoesNotContain(world.Harness.Children, c => c.Working);
                    Assert.Empty(world.Journal.Slots);
                },
                seed);
        }
    }
}
