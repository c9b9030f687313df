namespace Rouse.Simulation;

/// <summary>What happens to a signal on its way.</summary>
public abstract record SignalFault
{
    private SignalFault()
    {
    }

    public sealed record Lost : SignalFault;

    /// <summary>It comes once more after a while.</summary>
    public sealed record Duplicated(TimeSpan After) : SignalFault;

    public sealed record Delayed(TimeSpan By) : SignalFault;

    /// <summary>The next signal comes before it; without one it comes after this long.</summary>
    public sealed record Reordered(TimeSpan Most) : SignalFault;

    /// <summary>The stream breaks with it and is connected again after a while; what was said in between is never heard.</summary>
    public sealed record Cut(TimeSpan Lasting) : SignalFault;
}
