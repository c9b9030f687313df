using Rouse.Core;

namespace Rouse.Engine;

/// <summary>How a node works. Validated by <see cref="RouseEngine"/> when it is made.</summary>
public sealed record EngineOptions
{
    public Rules Rules { get; init; } = Rules.Default;

    public LaneLimits Lanes { get; init; } = LaneLimits.Default;

    /// <summary>How long one dispatch may take before it counts as unknown.</summary>
    public TimeSpan DispatchDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait between two tries of anything that is retried.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When a closed gate is looked at again if no signal of its session comes.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When a running attempt or an admitted wake is looked at again if no signal comes: for a harness that forgets to send one.</summary>
    public TimeSpan SafetyLook { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Calls to one instance that may be under way at once.</summary>
    public int CallsPerInstance { get; init; } = 64;

    /// <summary>A snapshot is written after so many events of a crew.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>Crews kept in memory when they have nothing to do.</summary>
    public int CachedCrews { get; init; } = 10_000;
}
