namespace Rouse.Simulation;

/// <summary>The simulation itself found something that must not be: a deadlock, a hot loop, work on another thread, a broken invariant.</summary>
public sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
