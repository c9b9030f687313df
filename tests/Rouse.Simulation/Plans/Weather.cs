using System.Collections.Immutable;

namespace Rouse.Simulation;

/// <summary>How often single calls, commits and signals go wrong while the trouble lasts.</summary>
public sealed record Weather
{
    public double Calls { get; init; }

    public double Commits { get; init; }

    public double Signals { get; init; }

    public double Reads { get; init; }

    /// <summary>What strikes, and nothing else does; null: all that the rates draw.</summary>
    public ImmutableHashSet<Strike>? Only { get; init; }

    public static Weather Calm { get; } = new();
}

/// <summary>One thing that goes wrong: the n-th of its kind at a place.</summary>
public readonly record struct Strike(string Where, int Number);
