namespace Rouse.Simulation;

/// <summary>What strikes the node's process, and its clock.</summary>
internal sealed partial class CrashMatrix
{
    /// <summary>Enough for all that a story has under way: the longest call that hangs nowhere, and what it is followed by.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    /// <summary>Enough for a commit, and not for a call to a harness.</summary>
    private static readonly TimeSpan Impatient = TimeSpan.FromMilliseconds(2);

    /// <summary>The node dies before and after everything that it does to the world.</summary>
    public int CrashAtEveryAct() => AtEveryAct("crash", Kill);

    /// <summary>The node dies after every step of the story, so at every await that anything in it ever is at.</summary>
    public int CrashAtEveryStep() => AtEveryStep("crash", Kill);

    /// <summary>The process stands still before and after everything that it does, longer than any call to a harness may take, and goes on.</summary>
    public int StandStillAtEveryAct() => AtEveryAct("standing still", (world, doubts) =>
    {
        doubts.Note();
        _ = world.PauseAsync(seconds: 40);
    });

    /// <summary>The node's clock jumps before and after everything that it does. Nobody waits much longer for it.</summary>
    public int JumpAtEveryAct(TimeSpan by) => AtEveryAct($"the clock jumps by {by}", (world, _) => world.JumpClock(by), mostDelay: TimeSpan.FromSeconds(30));

    /// <summary>The node is told to stop, and is given the time: whatever it has begun it brings to its end, and nothing is in doubt.</summary>
    public int StopAtEveryAct() => AtEveryAct("stop", Stop);

    public int StopAtEveryStep() => AtEveryStep("stop", Stop);

    /// <summary>The node is told to stop, and killed before it can have.</summary>
    public int StopInVainAtEveryAct() => AtEveryAct("stop and kill", (world, doubts) => _ = StopInVainAsync(world, doubts));

    private int AtEveryStep(string what, Action<World, SendsInDoubt> strike) => PlayAll(
        (int)Calm.Time.Steps, n => new Strike($"{what} after step {n + 1}", (world, doubts) => world.Time.AtStep(n + 1, () => strike(world, doubts))));

    private static void Kill(World world, SendsInDoubt doubts)
    {
        doubts.Note();
        world.Kill();
    }

    private static void Stop(World world, SendsInDoubt doubts) => _ = StopAsync(world);

    private static async Task StopAsync(World world)
    {
        if (!await world.ShutDownAsync(Patient))
        {
            world.Time.Fail(new SimulationException($"the node has not stopped within {Patient}\n{world.Story}"));
        }
    }

    private static async Task StopInVainAsync(World world, SendsInDoubt doubts)
    {
        if (!await world.ShutDownAsync(Impatient))
        {
            doubts.Note();
        }
    }
}
