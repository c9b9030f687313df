namespace Rouse.Harnesses.Processes;

/// <summary>What the kernel tells of one process.</summary>
/// <param name="Session">The id of the session leader; a process group of its own does not leave it.</param>
/// <param name="HasEnded">It is a zombie: its parent has not asked for its exit code yet.</param>
internal sealed record ProcessEntry(int Id, int Parent, int Session, long StartTicks, bool HasEnded)
{
    public ProcessIdentity Identity => new(Id, StartTicks, ProcessTable.Boot);
}
