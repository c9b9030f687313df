namespace Rouse.Simulation;

/// <summary>What goes wrong with a commit.</summary>
public enum CommitFault
{
    None,

    /// <summary>Nothing is written, and the writer is told so.</summary>
    FailsBefore,

    /// <summary>It is written, and the writer is told that the store is unavailable.</summary>
    LosesAcknowledgement,

    /// <summary>It takes <see cref="JournalFaults.SlowBy"/>.</summary>
    Slow,

    /// <summary>Nothing is written, and the writer is told that somebody else has written: it reads the crew again and decides anew.</summary>
    Conflicts,
}
