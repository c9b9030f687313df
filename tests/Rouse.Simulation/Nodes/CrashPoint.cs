namespace Rouse.Simulation;

/// <summary>Where a node dies: before an act reaches the world, or after it has and before the node knows.</summary>
public sealed record CrashPoint(int Act, bool After);
