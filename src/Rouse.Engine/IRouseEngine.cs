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
    /// <paramref name="abort"/> they are cancelled and seen ended first. Calls to harnesses are broken off, but for those that could not be found again:
    /// a send to a harness that keeps no keys is waited for, up to its deadline.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// The caller waits no longer, and all calls are broken off. What was on its way to a harness without keys may be lost by that, and is then told as
    /// lost; nothing else is.
    /// </exception>
    Task StopAsync(bool abort, CancellationToken cancellationToken);
}
