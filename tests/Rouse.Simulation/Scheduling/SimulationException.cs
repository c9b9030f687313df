namespace Rouse.Simulation;

/// <summary>The simulation itself found something that must not be: a deadlock, a hot loop, work on another thread, a broken rule.</summary>
/// <param name="rule">Which rule is broken, in words that are the same for every run that breaks it; null where the message is all there is.</param>
public sealed class SimulationException(string message, Exception? inner = null, string? rule = null) : Exception(message, inner)
{
    public string? Rule { get; } = rule ?? (inner as SimulationException)?.Rule;
}
