using Rouse.Core;

namespace Rouse.Engine;

/// <summary>One obligation at the pump, and when it is performed. Guarded by the pump.</summary>
internal sealed class Entry(Performance performance)
{
    public Performance Performance { get; } = performance;

    public Subject Subject { get; } = Subject.Of(performance);

    /// <summary>The session whose changes have it performed.</summary>
    public Address? Address { get; set; }

    /// <summary>Not before, by the steady time.</summary>
    public DateTimeOffset Due { get; set; }

    public DateTimeOffset NextAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Of its newest place in the schedule; older ones are void.</summary>
    public long Stamp { get; set; }

    /// <summary>Ends when it has been performed; null while it is not being performed.</summary>
    public TaskCompletionSource? Run { get; set; }

    public bool Running => Run is not null;

    /// <summary>Something changed while it was being performed.</summary>
    public bool Again { get; set; }

    /// <summary>Waits for its instance.</summary>
    public bool Parked { get; set; }

    /// <summary>Owed no more.</summary>
    public bool Gone { get; set; }
}
