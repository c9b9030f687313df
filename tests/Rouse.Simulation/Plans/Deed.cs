namespace Rouse.Simulation;

/// <summary>
/// One thing that somebody does at a moment of a run. It names what it is done to by a place among what there is by then, so that
/// it keeps a meaning when other deeds are taken out of the plan.
/// </summary>
public abstract record Deed(TimeSpan At)
{
    /// <summary>A root session delegates.</summary>
    public sealed record Delegate(TimeSpan At, int Root, Work Work) : Deed(At);

    /// <summary>An earlier request is sent again under its key, as it was or with another body.</summary>
    public sealed record Repeat(TimeSpan At, int Task, bool Changed) : Deed(At);

    public sealed record Cancel(TimeSpan At, int Task, bool ByItsParent) : Deed(At);

    public sealed record CancelAll(TimeSpan At, int Root) : Deed(At);

    /// <summary>A root reads its mailbox and acknowledges what it is owed, all of it or only the oldest.</summary>
    public sealed record Acknowledge(TimeSpan At, int Root, bool All) : Deed(At);

    /// <summary>A person writes into a session.</summary>
    public sealed record Speak(TimeSpan At, int Session) : Deed(At);

    /// <summary>A person writes something into a root that starts no turn.</summary>
    public sealed record Note(TimeSpan At, int Root) : Deed(At);

    /// <summary>A person types for a while, and sends nothing.</summary>
    public sealed record Type(TimeSpan At, int Session, TimeSpan For) : Deed(At);

    /// <summary>A person stops the turn of a session in the harness itself.</summary>
    public sealed record Stop(TimeSpan At, int Session) : Deed(At);

    public sealed record Delete(TimeSpan At, int Session, bool Told) : Deed(At);

    /// <summary>The node's process dies and is started again.</summary>
    public sealed record Kill(TimeSpan At) : Deed(At);

    /// <summary>The node is told to stop, is killed when it has not done so in time, and is started again.</summary>
    /// <param name="AtClaim">It is told just when it has claimed a prompt next, which it would seldom meet by chance.</param>
    public sealed record ShutDown(TimeSpan At, TimeSpan Patience, bool AtClaim) : Deed(At);

    /// <summary>A harness's process dies, and comes back after a while.</summary>
    public sealed record Die(TimeSpan At, int Harness, TimeSpan For) : Deed(At);

    /// <summary>A harness cannot be reached for a while; what runs in it goes on.</summary>
    public sealed record Cut(TimeSpan At, int Harness, TimeSpan For) : Deed(At);

    /// <summary>The disk is full for a while.</summary>
    public sealed record FillDisk(TimeSpan At, TimeSpan For) : Deed(At);

    /// <summary>The store cannot be read for a while.</summary>
    public sealed record BlindDisk(TimeSpan At, TimeSpan For) : Deed(At);

    /// <summary>A node's process stands still for a while and wakes up late.</summary>
    public sealed record Pause(TimeSpan At, TimeSpan For) : Deed(At);

    /// <summary>The time of day that nodes read jumps.</summary>
    public sealed record JumpClock(TimeSpan At, TimeSpan By) : Deed(At);

    /// <summary>Breaks a rule that is none, to show what becomes of a run that fails.</summary>
    public sealed record Unlucky(TimeSpan At) : Deed(At);
}
