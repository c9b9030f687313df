using Rouse.Core;

namespace Rouse.Engine;

/// <summary>A running node: it accepts delegations, performs what is owed and wakes who waits.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IRouseEngine : IAsyncDisposable
{
    IBackgroundAgents Agents { get; }

    /// <summary>
    /// Reads what is owed and starts to perform it. Returns when delegations can be accepted; harnesses are connected in the background.
    /// </summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stops: new delegations are refused, commits that have begun finish, running children are left running; with
    /// <paramref name="abort"/> they are cancelled and seen ended first.
    /// </summary>
    Task StopAsync(bool abort, CancellationToken cancellationToken);
}
