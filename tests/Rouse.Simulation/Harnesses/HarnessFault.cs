namespace Rouse.Simulation;

/// <summary>What the network does to a call.</summary>
public abstract record HarnessFault
{
    private HarnessFault()
    {
    }

    /// <summary>
    /// Which of the requests that an adapter makes for one call it strikes, from 1; null: any of them, as the seed has it. A call may end before
    /// that request: then nothing happens.
    /// </summary>
    public int? Request { get; init; }

    /// <summary>Not a byte of it goes out.</summary>
    public sealed record RefusedBefore : HarnessFault;

    /// <summary>It is done, and the answer is lost.</summary>
    public sealed record AnswerLost : HarnessFault;

    /// <summary>It is lost on its way, and nobody knows.</summary>
    public sealed record Lost : HarnessFault;

    /// <summary>The answer is lost, and it is done only after a while.</summary>
    public sealed record DoneLater(TimeSpan After) : HarnessFault;

    /// <summary>It never answers.</summary>
    public sealed record Hangs(bool Done) : HarnessFault;

    public sealed record Slow(TimeSpan By) : HarnessFault;

    /// <summary>It is done and answered, and done once more after a while: what a proxy does that tries again.</summary>
    public sealed record Duplicated(TimeSpan After) : HarnessFault;

    /// <summary>It is done only when a later request to the same session has been answered, or after this long.</summary>
    public sealed record Reordered(TimeSpan Most) : HarnessFault;

    /// <summary>It answers with this, and the harness never hears of it.</summary>
    public sealed record Answers(object Result) : HarnessFault;
}
