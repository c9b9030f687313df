namespace Rouse.Simulation;

/// <summary>What goes wrong with a read.</summary>
public enum ReadFault
{
    None,

    Fails,

    /// <summary>It takes <see cref="JournalFaults.SlowBy"/>.</summary>
    Slow,
}
