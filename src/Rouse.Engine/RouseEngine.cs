using Microsoft.Extensions.Logging;

namespace Rouse.Engine;

/// <summary>The engine of one node. Everything it needs comes in: the store, the harnesses, time and randomness.</summary>
public sealed class RouseEngine : IRouseEngine
{
    /// <param name="journal">Opened; the engine does not dispose it.</param>
    /// <param name="harnesses">One per configured instance, with different names; the engine does not dispose them.</param>
    /// <param name="random">Used for ids and for jitter.</param>
    public RouseEngine(
        IJournal journal, IReadOnlyList<IHarness> harnesses, EngineOptions options, TimeProvider time, Random random, ILoggerFactory logs) =>
        throw new NotSupportedException();

    public IBackgroundAgents Agents => throw new NotSupportedException();

    public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StopAsync(bool abort, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;
}
