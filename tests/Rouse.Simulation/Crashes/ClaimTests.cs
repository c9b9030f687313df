using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What the crash matrix has found of prompts that were claimed, or sent and not yet on record, kept as the small story that it came down to.</summary>
public sealed class ClaimTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The crash matrix: a stop broke off what it had claimed, and the one send was never made.</summary>
    [Theory]
    [InlineData("attempt.prompt-dispatched")]
    [InlineData("wake.leased")]
    [InlineData("wake.nudged")]
    public void A_stop_between_the_claim_and_the_send_waits_for_the_send_where_no_keys_are_kept(string claim) => PlayWithoutKeys(
        async (world, parent) =>
        {
            Task<bool>? stops = null;
            world.Journal.OnCommitted += commit => stops ??= commit.Events.Any(e => e.Type == claim) ? world.ShutDownAsync(Patience) : null;
            await world.UntilAsync(() => stops is not null, claim);
            Assert.True(await stops!);
            await world.QuietAsync();
            Assert.Equal(2, parent.Wakes.Count());
        });

    /// <summary>The crash matrix: a wake that was leased, and could not be put into words while the store could not be read, counted as sent.</summary>
    [Fact]
    public void A_store_that_cannot_be_read_between_the_lease_and_the_send_loses_no_wake_where_no_keys_are_kept() => PlayWithoutKeys(
        async (world, parent) =>
        {
            world.Journal.OnCommitted += commit => world.Journal.Faults.Unreadable |= commit.Events.Any(e => e.Type == "wake.leased");
            await world.UntilAsync(() => world.Journal.Faults.Unreadable, "its wake is leased");
            await world.WaitAsync(3);
            world.Journal.Faults.Unreadable = false;
            await world.QuietAsync();
            Assert.Equal(2, parent.Wakes.Count());
        });

    /// <summary>The crash matrix: a session that was gone at the second look for its prompt freed its slots, and the turn of the first one went on.</summary>
    [Fact]
    public void A_first_prompt_whose_session_is_deleted_before_it_is_admitted_keeps_its_slots_until_its_turn_is_seen_ended() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            world.Harness.OnDelivered += delivered =>
            {
                if (delivered.Result is DeliverResult.Sent && delivered.Prompt is { IsWake: false })
                {
                    world.Kill();
                }
            };
            var task = await world.DelegateAsync(s, "work 600");
            await world.UntilAsync(() => world.Harness.Children.Any(c => c.Working), "it runs");
            var child = world.Harness.Children.Single();
            world.Harness.Delete(child, tell: false);
            var freedAtWork = 0;
            world.Journal.OnCommitted += commit => freedAtWork += child.Working ? commit.SlotsFreed.Count : 0;
            await world.UntilAsync(task.Id, AgentTaskStatus.Lost);
            await world.QuietAsync();
            Assert.Equal((0, 0), (freedAtWork, world.Journal.Slots.Count));
        },
        prepare: w =>
        {
            w.AsksAgain = true;
            w.Add(World.Main, new OpenCodeModel());
        });

    /// <summary>A send was refused before a byte went out, and the node ended before it tried again: only its memory knew that nothing had been sent.</summary>
    [Theory]
    [InlineData("a1", true)]
    [InlineData("a1", false)]
    [InlineData("n", true)]
    [InlineData("n", false)]
    public void A_send_that_was_refused_is_made_by_the_next_life_of_the_node_where_no_keys_are_kept(string key, bool isKilled) => PlayWithoutKeys(
        async (world, parent) =>
        {
            var isRefused = false;
            world.Harness.Faults.Once("deliver", new HarnessFault.RefusedBefore(), call => call.Key!.EndsWith(key, StringComparison.Ordinal));
            world.Harness.OnDelivered += delivered => isRefused |= delivered.Result is DeliverResult.NotSent;
            await world.UntilAsync(() => isRefused, "it is refused");
            if (isKilled)
            {
                world.Kill();
            }
            else
            {
                Assert.True(await world.ShutDownAsync(Patience));
            }

            await world.QuietAsync();
            Assert.Equal(2, parent.Wakes.Count());
        });

    /// <summary>A delegation whose first wake brings an empty turn, and its nudge a full one. It must come to its end, once.</summary>
    private static void PlayWithoutKeys(Func<World, SimSession, Task> story) => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            var (play, turns) = (world.Harness.Play, 0);
            world.Harness.Play = turn => turn.IsWake && ++turns == 1 ? turn.WorkAsync(1) : play(turn);
            var task = await world.DelegateAsync(s, "work 1");
            await story(world, parent);
            Assert.Equal(AgentTaskStatus.Completed, (await world.TaskAsync(task.Id)).Status);
            Assert.Equal(WakePhase.Consumed, Assert.Single(await world.MailboxAsync(s)).Wake!.Phase);
        },
        prepare: w =>
        {
            w.AsksAgain = true;
            w.Add(World.Main, new AtMostOnceModel());
        });
}
