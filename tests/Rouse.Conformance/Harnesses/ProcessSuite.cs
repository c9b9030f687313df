using Rouse.Core;
using Rouse.EndToEnd.OpenCode;
using Rouse.Engine;
using Rouse.Harnesses.Processes;

namespace Rouse.Conformance.Harnesses;

/// <summary>What is promised besides by an adapter that starts processes of its own: none of them outlives its use.</summary>
public abstract class ProcessSuite
{
    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A world of this test alone, which is disposed of with it.</summary>
    protected abstract Task<ProcessWorld> WorldAsync();

    [Fact]
    public async Task Nothing_is_left_of_a_harness_that_ends_with_Rouse()
    {
        await using var world = await WorldAsync();
        var (_, tool) = await RunToolAsync(world);
        var members = ProcessTree.MembersOf(await world.ProcessAsync(Cancelled));

        await world.Harness.DisposeAsync();

        Assert.Contains(tool, members);
        Assert.DoesNotContain(members, m => m.IsAlive());
    }

    [Fact]
    public async Task An_abort_ends_the_processes_of_the_turn_and_not_the_harness()
    {
        await using var world = await WorldAsync();
        var (session, tool) = await RunToolAsync(world);
        var harness = await world.ProcessAsync(Cancelled);

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));

        await Eventually.HoldsAsync(_ => Task.FromResult(tool.IsAlive()), alive => !alive, cancellationToken: Cancelled);
        Assert.True(harness.IsAlive());
        Assert.Equal(harness, await world.ProcessAsync(Cancelled));
    }

    [Fact]
    public async Task What_a_harness_that_died_left_running_is_ended_before_the_next_one_starts()
    {
        await using var world = await WorldAsync();
        var (session, tool) = await RunToolAsync(world);
        var died = await world.ProcessAsync(Cancelled);
        using (var process = System.Diagnostics.Process.GetProcessById(died.Id))
        {
            process.Kill();
        }

        await Eventually.HoldsAsync(
            async c => await world.Harness.InspectAsync(session, c), r => r is InspectResult.Seen, cancellationToken: Cancelled);

        Assert.NotEqual(died, await world.ProcessAsync(Cancelled));
        Assert.False(tool.IsAlive());
    }

    /// <summary>A session in which a tool runs, and the tool's process.</summary>
    private static async Task<(Address Session, ProcessIdentity Tool)> RunToolAsync(ProcessWorld world)
    {
        // The first call of a harness that is just starting may end at its deadline on a busy machine; the same key again is the same session.
        var created = (CreateResult.Created)await Eventually.HoldsAsync(
            async c => await world.Harness.CreateSessionAsync(world.NewSession("task_1"), c), r => r is CreateResult.Created, cancellationToken: Cancelled);
        var prompt = new Prompt { Key = "task_1_r1a1", Text = world.RunsTool(), IsWake = false };
        Assert.IsType<DeliverResult.Sent>(await world.Harness.DeliverAsync(created.Address, prompt, Cancelled));
        var harness = await world.ProcessAsync(Cancelled);
        var members = await Eventually.HoldsAsync(
            _ => Task.FromResult(ProcessTree.MembersOf(harness)), all => all.Any(world.IsTool), cancellationToken: Cancelled);
        return (created.Address, members.First(world.IsTool));
    }
}
