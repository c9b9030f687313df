namespace Rouse.Harnesses.Processes;

/// <summary>
/// One process, told apart from a later one that was given the same number: a number alone is never signalled (HARN-5).
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="StartTicks">Its start, in clock ticks since the machine booted.</param>
/// <param name="Boot">The boot that the ticks count from.</param>
public sealed record ProcessIdentity(int Id, long StartTicks, string Boot)
{
    /// <summary>The process that runs under this id now; null when there is none, or only what is left of one that has ended.</summary>
    public static ProcessIdentity? Of(int id)
    {
        var entry = ProcessTable.Read(id);
        return entry is null || entry.HasEnded ? null : entry.Identity;
    }

    public bool IsAlive() => Of(Id) == this;
}
