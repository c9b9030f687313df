namespace Rouse.Simulation;

/// <summary>One thing that a node does to the world: a commit or a call to a harness.</summary>
/// <param name="Number">Counts the node's acts from 1, over all its lives.</param>
public sealed record Act(int Number, string Name);

/// <summary>Where a node dies: before an act reaches the world, or after it has and before the node knows.</summary>
public sealed record CrashPoint(int Act, bool After);
