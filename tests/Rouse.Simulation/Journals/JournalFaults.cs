using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What goes wrong in the store.</summary>
public sealed class JournalFaults
{
    private readonly List<(Func<Commit, bool> Match, CommitFault Fault)> _once = [];

    /// <summary>No commit works until it is told otherwise.</summary>
    public bool DiskFull { get; set; }

    public bool Unreadable { get; set; }

    /// <summary>Asked for every commit that no other fault meets.</summary>
    public Func<Commit, CommitFault>? Each { get; set; }

    /// <summary>Meets the next commit that holds an event of this type.</summary>
    public void Once(string eventType, CommitFault fault) => _once.Add((c => c.Events.Any(e => e.Type == eventType), fault));

    public CommitFault Of(Commit commit)
    {
        if (DiskFull)
        {
            return CommitFault.FailsBefore;
        }

        var index = _once.FindIndex(o => o.Match(commit));
        if (index < 0)
        {
            return Each?.Invoke(commit) ?? CommitFault.None;
        }

        var fault = _once[index].Fault;
        _once.RemoveAt(index);
        return fault;
    }
}

public enum CommitFault
{
    None,

    /// <summary>Nothing is written, and the writer is told so.</summary>
    FailsBefore,

    /// <summary>It is written, and the writer is told that the store is unavailable.</summary>
    LosesAcknowledgement,
}
