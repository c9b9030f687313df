using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>As <see cref="RegressionTests"/>: what was seen is heard late, because the process stood still or the answer was long on its way.</summary>
public sealed class OldLookTests
{
    /// <summary>Seed 643: a process that stood still between the look and the dispatch passed a gate that had closed since.</summary>
    [Fact]
    public void A_look_that_has_grown_old_while_the_node_stood_still_is_taken_again() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var stops = true;
        world.Harness.OnInspected += look =>
        {
            if (look.Session == parent.Address && world.Journal.Events.Any(e => e.Type == "wake.leased") && stops)
            {
                stops = false;
                _ = StandStillAsync();
            }
        };
        world.Harness.OnDeliverCalled += call => Assert.False(call.Prompt.IsWake && parent.Working, "a prompt was sent into a session at work");
        await world.DelegateAsync(s, "work 1");
        await world.QuietAsync();
        Assert.Single(parent.Wakes);

        async Task StandStillAsync()
        {
            var still = world.PauseAsync(20);
            await world.WaitAsync(1);
            world.Harness.PersonSays(parent, "work 60");
            await still;
        }
    });

    /// <summary>Seed 20179473: a look that was long on its way opened a gate that another one, which was taken later, had found closed by then.</summary>
    [Fact]
    public void A_look_that_another_one_has_overtaken_is_taken_again() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once(
            "inspect", new HarnessFault.Slow(TimeSpan.FromSeconds(6)), c => c.Session == "s" && world.Journal.Events.Any(e => e.Type == "wake.leased"));
        world.Harness.OnDeliverCalled += call => Assert.False(call.Prompt.IsWake && parent.Working, "a prompt was sent into a session at work");
        await world.DelegateAsync(s, WakePolicy.Each, "work 1");
        await world.DelegateAsync(s, WakePolicy.Each, "work 6");
        await world.UntilAsync(() => world.Journal.Events.Any(e => e.Type == "wake.leased"), "the first wake is claimed");
        await world.WaitAsync(4); // it was looked at, and the answer is on its way
        world.Harness.PersonSays(parent, "work 30");
        await world.QuietAsync();
        Assert.Equal(2, parent.Wakes.Sum(w => w.Text.Split("Task: ").Length - 1));
    });

    /// <summary>Seed 3006547: the time in which a process stood still after a look counted as if the session had been missing in it.</summary>
    [Fact]
    public void A_session_is_gone_by_when_it_was_looked_for_and_not_by_when_that_was_heard() => World.Play(async world =>
    {
        var (misses, pause) = (0, Task.CompletedTask);
        world.Harness.Faults.Each = c => c is { Name: "inspect", Session: "child1" } && ++misses <= 3 ? new HarnessFault.Answers(new InspectResult.Missing()) : null;
        world.Harness.OnDenied += _ => pause = misses == 3 ? world.PauseAsync(60) : Task.CompletedTask;
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 300");
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        Assert.True(misses > 3, "it was not missed three times");
        await pause;
    });

    /// <summary>As above, of a prompt that nobody can be asked for, and that came while the process stood still.</summary>
    [Fact]
    public void A_prompt_is_lost_by_when_it_was_looked_for_and_not_by_when_that_was_heard() => World.Play(
        async world =>
        {
            var looks = 0;
            world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(3)));
            world.Harness.OnInspected += look =>
            {
                if (look.Session.Id == "child1" && ++looks == 1)
                {
                    _ = world.PauseAsync(30);
                }
            };
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            var task = await world.DelegateAsync(s, "work 60");
            await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        },
        prepare: w => w.Add(World.Main, new AtMostOnceModel()));

    /// <summary>As above, of a prompt that can be asked for: it is not sent once more on a read-back from before it came.</summary>
    [Fact]
    public void A_prompt_that_came_while_the_node_stood_still_is_not_sent_again() => World.Play(async world =>
    {
        var finds = 0;
        world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(3)));
        world.Harness.OnFound += (_, _, _) =>
        {
            if (++finds == 1)
            {
                _ = world.PauseAsync(30);
            }
        };
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 60");
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);
        Assert.Equal(1, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "child1" }));
    });

    /// <summary>As above, of a turn that ended without output, and that a person went on with while the process stood still.</summary>
    [Fact]
    public void A_task_is_empty_by_when_it_was_looked_at_and_not_by_when_that_was_heard() => World.Play(async world =>
    {
        var (looks, pause) = (0, Task.CompletedTask);
        world.Harness.Play = async turn =>
        {
            await turn.WorkAsync(turn.Prompt.Origin == MessageOrigin.Person ? 300 : 1);
            if (turn.Prompt.Origin == MessageOrigin.Person || turn.IsWake)
            {
                turn.Say("done");
            }
        };
        world.Harness.OnInspected += look =>
        {
            if (look is { Session.Id: "child1", Result: InspectResult.Seen { Inspection.Activity: Activity.Idle } } && ++looks == 2)
            {
                pause = StandStillAsync();
            }
        };
        var s = await world.RegisterAsync(world.Harness.Open("s"));
        var task = await world.DelegateAsync(s, "work 1");
        await world.UntilAsync(() => looks == 1, "its turn is over");
        await world.WaitAsync(1);
        world.Harness.Say(new HarnessSignal.Changed("child1"));
        await world.UntilAsync(() => looks == 2, "it is looked at again");
        await pause;
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed);

        async Task StandStillAsync()
        {
            var still = world.PauseAsync(200);
            await world.WaitAsync(1);
            world.Harness.PersonSays(world.Harness["child1"], "go on");
            await still;
        }
    });

    /// <summary>As above, of the read-back of a wake that came while the process stood still.</summary>
    [Fact]
    public void A_wake_that_came_while_the_node_stood_still_is_not_sent_again() => World.Play(async world =>
    {
        var (finds, pause) = (0, Task.CompletedTask);
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        world.Harness.Faults.Once("deliver", new HarnessFault.DoneLater(TimeSpan.FromSeconds(4)), c => c.Session == "s");
        world.Harness.OnFound += (address, _, _) =>
        {
            if (address == parent.Address && ++finds == 2)
            {
                pause = world.PauseAsync(30);
            }
        };
        await world.DelegateAsync(s, "work 1");
        await world.UntilAsync(() => finds == 1, "it is read back");
        await world.WaitAsync(1);
        world.Harness.Say(new HarnessSignal.Changed("s"));
        await world.UntilAsync(() => finds == 2, "it is read back again");
        await pause;
        await world.QuietAsync();
        Assert.Equal(1, world.Harness.Calls.Count(c => c is { Name: "deliver", Session: "s" }));
        Assert.Single(parent.Wakes);
    });
}
