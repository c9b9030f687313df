using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class DelegationTests
{
    [Fact] // DEL-1
    public void A_handle_comes_after_the_commit_and_before_any_call_to_a_harness() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s);

        Assert.Equal(AgentTaskStatus.Queued, task.Status);
        Assert.Equal(["default"], task.Lane!.Names);
        Assert.Contains(world.Journal.Events, e => e.Type == "task.delegated");
        Assert.Empty(world.Harness.Calls);
    });

    [Fact]
    public void A_delegation_runs_from_its_start_to_the_wake_that_is_consumed() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();

        var wake = Assert.Single(parent.Wakes);
        Assert.Contains("result of child1", wake.Text, StringComparison.Ordinal);
        var notice = Assert.Single(await world.MailboxAsync(s));
        Assert.Equal(NoticeState.Consumed, notice.State);
        Assert.Equal(["due", "leased", "dispatched", "admitted", "consumed"], notice.Wake!.Receipt.Select(r => r.Step)); // WAKE-2
        Assert.Empty(world.Journal.Slots);
        var output = await world.Agents.OutputAsync(task.Id, CancellationToken.None);
        Assert.Equal("result of child1", output!.Text);
        Assert.True(world.Time.Elapsed < TimeSpan.FromSeconds(25), $"it took {world.Time.Elapsed}");
    });

    [Fact] // DEL-2
    public void A_journal_that_cannot_commit_refuses_and_a_retry_with_the_same_key_makes_one_task() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Journal.Faults.DiskFull = true;
        await Assert.ThrowsAsync<JournalUnavailableException>(() => world.DelegateAsync(s, key: "k"));
        await world.WaitAsync(5);
        Assert.Empty(world.Harness.Children);
        Assert.DoesNotContain(world.Journal.Events, e => e.Type == "task.delegated");

        world.Journal.Faults.DiskFull = false;
        var first = await world.DelegateAsync(s, key: "k");
        var second = await world.DelegateAsync(s, key: "k");
        Assert.Equal(first.Id, second.Id);
        await world.QuietAsync();
        Assert.Single(world.Harness.Children);
    });

    [Fact] // DEL-2
    public void A_lost_acknowledgement_and_a_retry_make_one_task_that_runs() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Journal.Faults.Once("task.delegated", CommitFault.LosesAcknowledgement);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => world.DelegateAsync(s, key: "k"));

        // Also without any retry it is owed, and runs.
        await world.UntilAsync(() => world.Harness.Children.Any(), "the task that was committed starts", 10);
        var task = await world.DelegateAsync(s, key: "k");
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // DEL-3
    public void One_key_is_one_task_at_once_later_and_across_a_restart_and_another_body_is_refused() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var both = await Task.WhenAll(world.DelegateAsync(s, key: "k"), world.DelegateAsync(s, key: "k"));
        await world.QuietAsync();
        await world.WaitAsync(24 * 3600);
        var dayLater = await world.DelegateAsync(s, key: "k");
        await world.RestartAsync();
        var restarted = await world.DelegateAsync(s, key: "k");

        Assert.Single(new[] { both[0].Id, both[1].Id, dayLater.Id, restarted.Id }.Distinct());
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.DelegateAsync(s, "something else", "k"));
        Assert.Equal(RefusalKind.KeyReused, refused.Refusal.Kind);
        Assert.Equal(1, world.Journal.Events.Count(e => e.Type == "task.delegated"));
    });

    [Fact] // DEL-3
    public void A_key_whose_task_the_crew_has_forgotten_is_still_that_task() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var first = await world.DelegateAsync(s, key: "k");
            await world.QuietAsync();
            for (var i = 0; i < 3; i++)
            {
                await world.DelegateAsync(s);
                await world.QuietAsync();
            }

            Assert.Equal(first.Id, (await world.DelegateAsync(s, key: "k")).Id);
            var refused = await Assert.ThrowsAsync<RefusedException>(() => world.DelegateAsync(s, "something else", "k"));
            Assert.Equal(RefusalKind.KeyReused, refused.Refusal.Kind);
        },
        prepare: w => w.Options = new EngineOptions { SnapshotEvery = 5 });

    [Fact] // DEL-9
    public void A_person_who_stops_the_turn_types_on_and_leaves_does_not_end_the_delegation() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.PersonSays(parent, "delegate, please");
        await world.WaitAsync(1);
        var task = await world.DelegateAsync(s);
        world.Harness.Stop(parent);
        await world.WaitAsync(2);
        world.Harness.PersonSays(parent, "and something else");
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        await world.QuietAsync();
        Assert.Single(parent.Wakes);
    });

    [Fact] // LIM-1
    public void A_delegation_that_is_too_deep_is_refused_with_the_limit_and_both_sessions() => World.Play(async world =>
    {
        var sessions = new List<SessionId> { await world.RegisterAsync(world.Harness.Open("s")) };
        world.Harness.Play = async turn =>
        {
            await turn.WorkAsync(3600);
            turn.Say("done");
        };
        for (var depth = 1; depth <= 3; depth++)
        {
            await world.DelegateAsync(sessions[^1]);
            await world.UntilAsync(() => world.Harness.Children.Count() == depth, "the child exists");
            sessions.Add(await world.IdOfAsync(world.Harness.Children.Last()));
        }

        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.DelegateAsync(sessions[3]));
        Assert.Equal(("depth-limit", "depth", 3L), (refused.Refusal.Type, refused.Refusal.Limit!, refused.Refusal.LimitValue!.Value));
        Assert.Contains(sessions[3].ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Contains(sessions[2].ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Contains("Continue an existing task", refused.Message, StringComparison.Ordinal);
    });

    [Fact] // LIM-3
    public void Of_64_delegations_that_race_for_the_last_place_one_is_accepted() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var nine = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => world.DelegateAsync(s)));
            Assert.Equal(1, await RaceAsync(world, s));

            await world.Agents.CancelAsync(nine[8].Id, by: s, CancellationToken.None);
            await world.Agents.CancelAsync(nine[8].Id, by: s, CancellationToken.None);
            Assert.Equal(1, await RaceAsync(world, s));
        },
        prepare: w => w.Options = new EngineOptions { Rules = Rules.Default with { OpenDescendants = 10 } });

    private static async Task<int> RaceAsync(World world, SessionId s)
    {
        var accepted = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            try
            {
                await world.DelegateAsync(s);
                accepted++;
            }
            catch (RefusedException refused)
            {
                Assert.Equal((RefusalKind.Limit, "openDescendants", 10), (refused.Refusal.Kind, refused.Refusal.Limit!, refused.Refusal.LimitValue!.Value));
            }
        }));
        return accepted;
    }
}
