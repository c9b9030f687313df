using Rouse.Core;
using Rouse.Simulation;

namespace Rouse.Engine.Tests;

public sealed class InstanceTests
{
    [Theory] // ROUTE-5
    [InlineData("down")]
    [InlineData("slow")]
    [InlineData("hangs")]
    public void An_instance_in_trouble_touches_no_other(string trouble) => World.Play(async world =>
    {
        var far = world.Add("sim@far");
        await world.RestartAsync();
        far.Faults.Each = _ => trouble switch
        {
            "slow" => new HarnessFault.Slow(TimeSpan.FromSeconds(20)),
            "hangs" => new HarnessFault.Hangs(Done: false),
            _ => null,
        };
        if (trouble == "down")
        {
            far.Die();
        }

        var a = world.Harness.Open("a");
        var s = await world.RegisterAsync(a);
        var f = await world.RegisterAsync(far.Open("f"));
        for (var i = 0; i < 4; i++)
        {
            await world.DelegateAsync(f);
        }

        await world.DelegateAsync(s);
        await world.UntilAsync(() => a.Wakes.Any(), "the wake of the healthy one goes out as before", 12);
        far.Faults.Each = null;
        if (trouble == "down")
        {
            far.Come();
        }

        await world.QuietAsync();
    });

    [Fact]
    public void What_waits_for_an_instance_that_is_down_takes_no_slot_from_others() => World.Play(async world => // ROUTE-5, LANE-3
    {
        var far = world.Add("sim@far");
        await world.RestartAsync();
        far.Die();
        var f = await world.RegisterAsync(far.Open("f"));
        for (var i = 0; i < 10; i++)
        {
            await world.DelegateAsync(f);
        }

        var parent = world.Harness.Open("s");
        await world.DelegateAsync(await world.RegisterAsync(parent));
        await world.UntilAsync(() => parent.Wakes.Any(), "the healthy one's task runs on the same lane", 60);
        far.Come();
        await world.QuietAsync();
        Assert.Equal(10, far.Children.Count());
    });

    [Fact]
    public void After_a_gap_in_the_stream_what_was_missed_is_seen() => World.Play(async world => // SRC-6
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var task = await world.DelegateAsync(s);
        await world.UntilAsync(task.Id, AgentTaskStatus.Running);
        world.Harness.Cut();
        await world.WaitAsync(30);
        world.Harness.Come();
        await world.UntilAsync(task.Id, AgentTaskStatus.Completed, 1);
        await world.QuietAsync(30);
        Assert.Single(parent.Wakes);
    });

    [Fact]
    public void An_instance_that_goes_up_and_down_all_the_time_is_got_through() => World.Play(async world =>
    {
        var parent = world.Harness.Open("s");
        var s = await world.RegisterAsync(parent);
        var done = false;
        _ = FlapAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.DelegateAsync(s)));
        await world.QuietAsync();
        done = true;
        Assert.All(world.Harness.Children.SelectMany(c => c.Messages.Where(m => m.Key is not null)).GroupBy(m => m.Key), g => Assert.Single(g));

        async Task FlapAsync()
        {
            while (!done)
            {
                await world.WaitAsync(world.Time.Random.NextDouble());
                world.Harness.Cut();
                await world.WaitAsync(world.Time.Random.NextDouble());
                world.Harness.Come();
            }
        }
    });

    [Fact]
    public void More_calls_than_an_instance_takes_at_once_wait_their_turn() => World.Play(
        async world =>
        {
            var s = await world.RegisterAsync(world.Harness.Open("s"));
            await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => world.DelegateAsync(s)));
            await world.QuietAsync();
            Assert.Equal(40, world.Harness.Children.Count());
        },
        prepare: w => w.Options = new EngineOptions { CallsPerInstance = 2, Lanes = new LaneLimits([KeyValuePair.Create("default", 0)]) });
}
