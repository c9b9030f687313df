using System.Diagnostics.CodeAnalysis;

namespace Rouse.Simulation;

/// <summary>
/// Holds the promises against the world while it runs. It keeps a plain record of what was asked, of what the journal's events say and of
/// what each history holds, and shares no rule with the core (only its probes ask the core something). What it checks happens inside the step that
/// changed something, so that no step goes unchecked.
/// </summary>
public sealed partial class Oracle
{
    private readonly World _world;
    private readonly Books _books = new();

    public Oracle(World world)
    {
        _world = world;
        world.Journal.OnCommitting += commit => _deciding[commit] = world.Now; // in the very step in which it was decided on
        world.Journal.OnCommitted += AfterCommit;
        world.Journal.OnRefused += (commit, refused) => CheckRefused(commit, refused);
        foreach (var harness in world.Harnesses.Values)
        {
            Watch(harness);
        }

        WatchClaims();
    }

    /// <summary>What the journal's events have said so far.</summary>
    public Books Books => _books;

    /// <summary>Ends the run: also where the engine would take the exception for a failed call and go on.</summary>
    [DoesNotReturn]
    private void Break(string rule, string what)
    {
        var broken = new SimulationException($"broken: {rule}: {what}", rule: rule);
        _world.Time.Fail(broken);
        throw broken;
    }
}
