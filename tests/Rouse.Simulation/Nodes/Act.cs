using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>One thing that a node does to the world: a commit or a call to a harness.</summary>
/// <param name="Number">Counts the node's acts from 1, over all its lives.</param>
public sealed record Act(int Number, string Kind, Commit? Commit = null)
{
    public string Name => Commit is null ? Kind : $"{Kind} {string.Join(", ", Commit.Events.Select(e => e.Type))}";
}
