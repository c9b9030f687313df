namespace Rouse.Engine;

/// <summary>What became of a prompt at the gate.</summary>
internal abstract record Passage
{
    private Passage()
    {
    }

    /// <summary>The look just before the dispatch said that the session may not be prompted now. Nothing was sent.</summary>
    /// <param name="LookAfter">After how long time alone may open it; null when only a change of the session can.</param>
    public sealed record Closed(string Reason, TimeSpan? LookAfter) : Passage;

    /// <summary>The session could not be read, which is never taken as open. Nothing was sent.</summary>
    public sealed record Unreadable(string Reason) : Passage;

    /// <summary>The harness does not know the session. Nothing was sent.</summary>
    public sealed record Missing : Passage;

    /// <summary>It was wanted no more when its turn came. Nothing was sent.</summary>
    public sealed record Unwanted : Passage;

    /// <summary>Its turn came, and this is what is known of the send; also when it was put on record, and the session changed before it was sent.</summary>
    /// <param name="After">The newest message at the look just before.</param>
    public sealed record Passed(DeliverResult Result, string? After) : Passage;
}
