using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What strikes the store, and calls to the harness.</summary>
internal sealed partial class CrashMatrix
{
    /// <summary>Older than a look may be by which a prompt goes out.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Blind = TimeSpan.FromSeconds(3);

    /// <summary>A commit goes wrong in this way, each in turn.</summary>
    public int FaultAtEveryCommit(CommitFault fault) => PlayAll(
        Calm.Journal.Faults.Commits,
        n => new Strike($"{fault} at commit {n + 1}", (world, doubts) =>
        {
            world.Journal.Faults.At(n + 1, fault);
            if (fault is CommitFault.FailsBefore or CommitFault.LosesAcknowledgement)
            {
                doubts.NoteAtCommit(n + 1, isWritten: fault == CommitFault.LosesAcknowledgement);
            }
        }));

    /// <summary>A read of the store goes wrong in this way, each in turn.</summary>
    public int FaultAtEveryRead(ReadFault fault) => PlayAll(
        Reads,
        n => new Strike($"{fault} at read {n + 1}", (world, _) =>
        {
            world.Journal.Faults.SlowBy = Late;
            world.Journal.Faults.AtRead(n + 1, fault);
        }));

    /// <summary>From before and after everything that the node does nothing can be read for a while.</summary>
    public int BlindAtEveryAct() => AtEveryAct("blind", (world, doubts) => _ = BlindAsync(world));

    /// <summary>Each call to the harness goes wrong in this way, in each of the requests that the adapter makes for it.</summary>
    /// <param name="mayBeLost">Whether it is then in doubt what became of a send.</param>
    public int FaultAtEveryCall(HarnessFault fault, bool mayBeLost) => CallAll(
        Calm.Harness.Calls.SelectMany(c => Enumerable.Range(1, Calm.Harness.Model.RequestsOf(c.Name)).Select(r => (Call: c, Fault: fault with { Request = r }))),
        mayBeLost);

    /// <summary>The harness denies once, at each look in turn, a session that it has.</summary>
    public int DenyAtEveryLook() => CallAll(
        Calm.Harness.Calls.Where(c => c.Name == "inspect").Select(c => (c, (HarnessFault)new HarnessFault.Answers(new InspectResult.Missing()))), mayBeLost: false);

    private int CallAll(IEnumerable<(HarnessCall Call, HarnessFault Fault)> all, bool mayBeLost)
    {
        var faults = all.ToList();
        return PlayAll(
            faults.Count,
            n => new Strike($"{faults[n].Fault} at call {faults[n].Call}", (world, doubts) => world.Harness.Faults.Each = call =>
            {
                if (call.Number != faults[n].Call.Number)
                {
                    return null;
                }

                if (mayBeLost && call.Name == "deliver")
                {
                    doubts.Note(call.Key!);
                }

                return faults[n].Fault;
            }));
    }

    private static async Task BlindAsync(World world)
    {
        world.Journal.Faults.Unreadable = true;
        await Task.Delay(Blind, world.Time);
        world.Journal.Faults.Unreadable = false;
    }
}
