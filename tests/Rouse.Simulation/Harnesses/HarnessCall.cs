namespace Rouse.Simulation;

/// <summary>A call to a harness, for whoever decides what goes wrong with it.</summary>
/// <param name="Name">create, deliver, find, inspect or abort.</param>
/// <param name="Session">The harness's own id, or the key for a creation.</param>
/// <param name="Key">The key of the prompt, where there is one.</param>
/// <param name="Number">Counts the calls to the instance from 1.</param>
public sealed record HarnessCall(string Name, string Session, string? Key, int Number);
