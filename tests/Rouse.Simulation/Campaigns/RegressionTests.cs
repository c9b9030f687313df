using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// What random lives have found, kept as the small story that it came down to. The seed that found it is named; it plays another life by now, since what a
/// seed draws changes whenever there is more to draw.
/// </summary>
public sealed class RegressionTests
{
    /// <summary>Seed 775: whether a prompt was still wanted was asked before it waited for one of the instance's places.</summary>
    [Fact]
    public void A_prompt_that_waited_for_a_place_is_not_sent_when_its_task_was_cancelled_meanwhile() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var task = await world.DelegateAsync(s, "work 30");
            await world.UntilAsync(() => world.Harness.CallsOf("create") == 1, "the session is being created");
            world.Harness.Faults.Once("create", new HarnessFault.Slow(TimeSpan.FromSeconds(8)));
            await world.DelegateAsync(s, "work 30");
            await world.UntilAsync(() => world.Journal.Events.Any(e => e.Type == "attempt.child-created"), "its prompt waits for the place");
            await world.WaitAsync(1);
            await world.CancelAsync(task.Id);
            Assert.Equal(0, world.Harness.CallsOf("deliver"));
            await world.QuietAsync();
            Assert.DoesNotContain(world.Harness.Calls, c => c.Name == "deliver" && c.Key == Crew.AttemptKey(task.Id, 1));
        },
        prepare: w =>
        {
            w.Options = new EngineOptions { CallsPerInstance = 1 };
            w.Harness.Latency = TimeSpan.FromMilliseconds(400);
        });

    /// <summary>Seeds 53 and 71: by time an older turn counted as a wake's, or its own did not, when the clocks differed.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_wake_that_cannot_be_found_is_consumed_by_the_turn_after_it_whatever_the_clocks_say(int seconds) => World.Play(
        async world =>
        {
            world.JumpClock(TimeSpan.FromSeconds(seconds));
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            world.Harness.PersonSays(parent, "work 1");
            await world.WaitAsync(10);
            await world.DelegateAsync(s, "work 1");
            await world.QuietAsync();
            Assert.Equal(WakePhase.Consumed, Assert.Single((await world.MailboxAsync(s)).Select(n => n.Wake!.Phase)));
            Assert.Single(parent.Wakes);
        },
        prepare: w => w.Add(World.Main, new AtMostOnceModel()));

    /// <summary>Seed 685: a nudge whose sending was refused was on record as sent, and ended its wake.</summary>
    [Fact]
    public void A_nudge_that_was_not_sent_is_sent_again_also_where_no_keys_are_kept() => World.Play(
        async world =>
        {
            var parent = world.Harness.Open("s");
            var s = await world.RegisterAsync(parent);
            var play = world.Harness.Play;
            var turns = 0;
            world.Harness.Play = async turn =>
            {
                if (turn.IsWake && ++turns == 1)
                {
                    world.Harness.Faults.Once("deliver", new HarnessFault.RefusedBefore());
                    await turn.WorkAsync(1);
                    return;
                }

                await play(turn);
            };
            await world.DelegateAsync(s, "work 1");
            await world.QuietAsync();
            Assert.Equal(WakePhase.Consumed, Assert.Single((await world.MailboxAsync(s)).Select(n => n.Wake!.Phase)));
            Assert.Equal(2, parent.Wakes.Count());
        },
        prepare: w => w.Add(World.Main, new AtMostOnceModel()));

    /// <summary>Seed 345: only the task in the very session that a wake was consumed in was looked at, and not the one above it.</summary>
    [Fact]
    public void A_task_completes_when_the_last_wake_of_a_session_below_its_own_was_consumed() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 5");
        var child = await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        var above = world.Harness[child.Attempts[0].Session!.Id];
        var parent = await world.IdOfAsync(above);
        var request = new SessionRequest { Address = world.Harness.OpenBelow(above).Address, Parent = parent };
        var below = await world.AskAsync(a => a.RegisterAsync(request, CancellationToken.None));
        await world.DelegateAsync(below.Session.Id, "work 20");
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, mostSeconds: 60);
    });

    /// <summary>Found by reading: the session of an attempt that was given up was looked for as if it were the next attempt's, with the next one's model.</summary>
    [Fact]
    public void A_session_that_may_have_been_created_is_looked_for_as_it_was_asked_for() => World.Play(async world =>
    {
        var asked = new List<NewSession>();
        world.Harness.OnCreateCalled += call => asked.Add(call.Spec);
        world.Harness.Faults.Each = call => call.Name == "create" && asked.Count <= 13 ? new HarnessFault.Lost() : null;
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        await world.DelegateAsync(s, "work 1", change: r => r with { Model = "a/one", Fallbacks = ["b/two"] });
        await world.QuietAsync(7200);
        Assert.Equal(2, asked.Select(a => a.Key).Distinct().Count());
        Assert.All(asked, a => Assert.Equal(a.Key.EndsWith("a1", StringComparison.Ordinal) ? ("a/one", "1") : ("b/two", "2"), (a.Model, a.Metadata["attempt"])));
        Assert.True(asked.Count(a => a.Model == "a/one") > 13, "it was not looked for");
    });

    /// <summary>Seed 8623: all that waited was raised by one round of the clock, up to ten minutes late.</summary>
    [Fact]
    public void A_waiting_task_rises_when_its_own_ten_minutes_are_over() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await world.DelegateAsync(s, "work 760"); // all is gone through once a minute at most
            var waits = await world.DelegateAsync(s, "work 1");
            await world.WaitAsync(90);
            var older = await world.DelegateAsync(s, "work 1");
            await world.WaitAsync(410);
            var higher = await world.DelegateAsync(s, "work 1", change: r => r with { Priority = 1 });
            await world.WaitAsync(150);
            await world.CancelAsync(waits.Id);
            await world.QuietAsync();
            var starts = world.Journal.Events.Where(e => e.Type == "attempt.started").Select(e => ((AttemptStarted)EventCodec.Decode(e.Type, e.Data.Span)).Task);
            Assert.Equal([older.Id, higher.Id], starts.Skip(1));
        },
        prepare: w => w.Options = new EngineOptions { Lanes = new LaneLimits([KeyValuePair.Create("default", 1)]) });

    /// <summary>Seed 411415: a prompt whose sender had died came after the abort, and started the work in a session that counted as ended.</summary>
    [Fact]
    public void A_prompt_that_comes_after_the_abort_does_not_run_in_a_session_that_counts_as_ended() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Faults.Once("deliver", new HarnessFault.Reordered(TimeSpan.FromSeconds(60)));
        var task = await world.DelegateAsync(s, "work 600");
        await world.UntilAsync(() => world.Harness.CallsOf("deliver") == 1, "the prompt is on its way");
        await world.CancelAsync(task.Id);
        await world.RestartAsync();
        await world.QuietAsync();
        await world.WaitAsync(10);
        Assert.DoesNotContain(world.Harness.Sessions, x => x.Working);
    });

    /// <summary>As above, when the call broke and nobody died.</summary>
    [Fact]
    public void A_prompt_whose_call_broke_and_that_comes_after_the_abort_is_stopped_too() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        await world.WaitAsync(60); // longer than anything is on its way that was sent before this node began
        world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(4)));
        var task = await world.DelegateAsync(s, "work 600");
        await world.UntilAsync(() => world.Harness.CallsOf("find") == 1, "the call broke");
        await world.CancelAsync(task.Id);
        await world.QuietAsync();
        await world.WaitAsync(10);
        Assert.DoesNotContain(world.Harness.Sessions, x => x.Working);
    });

    /// <summary>As above, when the prompt comes while the process stands still, and the abort from before it is heard only then.</summary>
    [Fact]
    public void A_prompt_that_comes_before_the_abort_is_heard_is_stopped_too() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        await world.WaitAsync(60); // longer than anything is on its way that was sent before this node began
        world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(4)));
        var task = await world.DelegateAsync(s, "work 600");
        await world.UntilAsync(() => world.Harness.CallsOf("find") == 1, "the call broke");
        var pause = Task.CompletedTask;
        world.Harness.Faults.Each = c =>
        {
            pause = c.Name == "abort" && world.Harness.CallsOf("abort") == 1 ? world.PauseAsync(30) : pause;
            return null;
        };
        await world.CancelAsync(task.Id);
        await world.UntilAsync(() => world.Harness.CallsOf("abort") > 0, "it is stopped");
        await pause;
        await world.QuietAsync();
        await world.WaitAsync(10);
        Assert.DoesNotContain(world.Harness.Sessions, x => x.Working);
    });

    /// <summary>Seed 146592: a person's turn that was stopped was taken for the failure of a prompt that had met it.</summary>
    [Fact]
    public void An_error_of_a_turn_that_a_prompt_has_met_does_not_fail_the_prompt() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Faults.Once("deliver", new HarnessFault.Answers(new DeliverResult.Busy("another turn runs in the session")));
        world.Harness.Faults.Once("find", new HarnessFault.Slow(TimeSpan.FromSeconds(4)));
        var task = await world.DelegateAsync(s, "work 1");
        await world.UntilAsync(() => world.Harness.CallsOf("find") == 1, "its prompt has met the turn");
        world.Harness.Say(new HarnessSignal.Failed("child1", new TaskError(FailureClass.Aborted, "aborted", "A person has stopped it.")));
        world.Harness.Faults.Once("deliver", new HarnessFault.Answers(new DeliverResult.Sent())); // and is lost by a server that is cold
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
    });

    /// <summary>As above, when the turn is met after a send that left no trace.</summary>
    [Fact]
    public void An_error_of_a_turn_that_a_later_send_has_met_does_not_fail_the_prompt() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var sends = 0;
        world.Harness.Faults.Each = c => c is not { Name: "deliver", Session: "child1" } ? null : ++sends switch
        {
            1 or 3 => new HarnessFault.Answers(new DeliverResult.Sent()),
            2 => new HarnessFault.Answers(new DeliverResult.Busy("another turn runs in the session")),
            _ => null,
        };
        var task = await world.DelegateAsync(s, "work 1");
        await world.UntilAsync(() => sends == 2, "its prompt has met the turn");
        world.Harness.Say(new HarnessSignal.Failed("child1", new TaskError(FailureClass.Passing, "overloaded", "The person's turn failed.")));
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
    });

    /// <summary>A prompt that was sent again after its error was told ran on in the session of an attempt that was over.</summary>
    [Fact]
    public void An_error_that_is_told_after_the_read_back_is_heeded_before_anything_is_sent_again() => World.Play(async world =>
    {
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        world.Harness.Faults.Once("deliver", new HarnessFault.Answers(new DeliverResult.Sent()));
        var task = await world.DelegateAsync(s, "work 1");
        await world.UntilAsync(() => world.Harness.CallsOf("find") == 1, "its prompt is read back");
        await world.WaitAsync(0.2);
        world.Harness.Say(new HarnessSignal.Failed("child1", new TaskError(FailureClass.Request, "unknown-model", "There is no such model.")));
        Assert.Equal("unknown-model", (await world.UntilAsync(task.Id, AgentTaskStatus.Failed)).Outcome!.Reason);
        Assert.Equal(1, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "child1" }));
    });

    /// <summary>Seed 9010887: the error of a wake's turn, heeded by its nudge, made a dead letter of it once more when somebody else looked at the session.</summary>
    [Fact]
    public void An_error_that_a_nudge_has_heeded_does_not_end_its_wake() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var task = await world.DelegateAsync(s, "work 1");
            await world.UntilAsync(task.Id, AgentTaskStatus.Running);
            var (play, nudges) = (world.Harness.Play, 0);
            world.Harness.Play = async turn =>
            {
                if (turn.Session.Address.Id == "child1" && turn.Prompt.Text.Contains("Task: ", StringComparison.Ordinal))
                {
                    await turn.WorkAsync(3);
                    world.Harness.Say(new HarnessSignal.Failed("child1", new TaskError(FailureClass.Passing, "overloaded", "The model is overloaded.")));
                    return; // it says nothing
                }

                await play(turn);
            };
            world.Harness.Faults.Each = c => c switch
            {
                { Name: "deliver", Session: "child1", Key: { } key } when key.EndsWith('n') => ++nudges switch
                {
                    1 => new HarnessFault.AnswerLost { Request = 2 }, // it is stored and does not run
                    2 => new HarnessFault.Slow(TimeSpan.FromSeconds(8)) { Request = 1 },
                    _ => null,
                },
                _ => null,
            };
            await world.DelegateAsync(await world.IdOfAsync(world.Harness["child1"]), "work 1");
            await world.UntilAsync(() => nudges == 2, "the nudge is run again");
            await world.WaitAsync(6); // longer than a harness says an error twice
            world.Harness.Say(new HarnessSignal.Changed("child1"));
            await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
            Assert.DoesNotContain(world.Journal.Events, e => e.Type == "wake.dead-lettered");
        },
        prepare: w => w.Add(World.Main, new OpenCodeModel()));
}
