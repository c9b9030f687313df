using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

/// <summary>What a harness without keys is to get once is claimed before: the claim is sent or given back, whatever comes between (decision 0009).</summary>
public sealed class ClaimTests
{
    [Theory] // WAKE-2
    [InlineData("attempt.prompt-admitted")]
    [InlineData("wake.dispatched")]
    public void What_was_acknowledged_counts_also_when_the_commit_that_says_so_fails(string type) => Play(async (world, s) =>
    {
        world.Journal.Faults.Once(type, CommitFault.FailsBefore);
        var task = await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Equal(1, world.Journal.Faults.Struck);
        await EndedWellAsync(world, s, task, delivers: 2);
    });

    [Fact] // GATE-7
    public void Looks_that_grow_old_use_no_claim_up() => Play(async (world, s) =>
    {
        var looks = 0;
        world.Harness.Faults.Each = c => c is { Name: "inspect", Session: "s" } && ++looks is >= 2 and <= 4 ? new HarnessFault.Slow(TimeSpan.FromSeconds(12)) : null;
        var task = await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.True(looks > 4, "it was looked at again after the claim");
        await EndedWellAsync(world, s, task, delivers: 2);
    });

    public static TheoryData<DeliverResult> NotSent => new()
    {
        new DeliverResult.NotSent("the connection was refused"),
        new DeliverResult.Busy("another turn runs"),
        new DeliverResult.Gone(),
        new DeliverResult.Refused(new TaskError(FailureClass.Passing, "overloaded", "Later.")),
    };

    [Theory] // WAKE-7
    [MemberData(nameof(NotSent))]
    public void A_nudge_that_certainly_was_not_sent_is_sent_later(DeliverResult result) => Play(async (world, s) =>
    {
        EmptyFirstTurn(world);
        world.Harness.Faults.Once("deliver", new HarnessFault.Answers(result), c => c.Session == "s" && world.Harness["s"].Wakes.Any());
        var task = await world.DelegateAsync(s);
        await world.QuietAsync();
        Assert.Contains(world.Journal.Events, e => e.Type == "wake.nudge-withdrawn");
        await EndedWellAsync(world, s, task, delivers: 4);
    });

    [Fact] // WAKE-7
    public void A_nudge_that_is_on_record_is_sent_although_the_store_cannot_be_read_meanwhile() => Play(async (world, s) =>
    {
        EmptyFirstTurn(world);
        var isOnRecord = false;
        world.Journal.OnCommitted += c => isOnRecord |= c.Events.Any(e => e.Type == "wake.nudged");
        world.Harness.Faults.Once("inspect", new HarnessFault.Slow(TimeSpan.FromSeconds(2)), _ => isOnRecord);
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(() => isOnRecord, "the nudge is on record");
        await world.RegisterAsync(world.Harness.Open("t")); // whose crew takes the place of this one's in memory
        world.Journal.Faults.Unreadable = true;
        await world.WaitAsync(5);
        world.Journal.Faults.Unreadable = false;
        await world.QuietAsync();
        await EndedWellAsync(world, s, task, delivers: 3);
    });

    private static async Task EndedWellAsync(World world, SessionId s, TaskView task, int delivers)
    {
        Assert.Equal(AgentTaskStatus.Completed, (await world.TaskAsync(task.Id)).Status);
        Assert.Equal(WakePhase.Consumed, (await world.MailboxAsync(s))[0].Wake!.Phase);
        Assert.Equal(delivers, world.Harness.CallsOf("deliver"));
    }

    /// <summary>The turn of the wake says nothing, so that it is nudged.</summary>
    private static void EmptyFirstTurn(World world)
    {
        var play = world.Harness.Play;
        var turns = 0;
        world.Harness.Play = turn => turn.Session.Address.Id == "s" && ++turns == 1 ? turn.WorkAsync(1) : play(turn);
    }

    private static void Play(Func<World, SessionId, Task> story) => World.Play(
        async world => await story(world, await world.RegisterAsync(world.Harness.Open("s"))),
        prepare: w =>
        {
            w.Options = new EngineOptions { CachedCrews = 1 };
            w.Add(World.Main, new AtMostOnceModel());
        });
}
