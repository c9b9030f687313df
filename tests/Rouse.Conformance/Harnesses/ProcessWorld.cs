using Rouse.Engine;
using Rouse.Harnesses.Processes;

namespace Rouse.Conformance.Harnesses;

/// <summary>An adapter that starts its harness itself, and ends it when it is disposed of.</summary>
public abstract class ProcessWorld : IAsyncDisposable
{
    public abstract IHarness Harness { get; }

    public abstract NewSession NewSession(string key);

    /// <summary>A prompt's text that makes the agent run a tool whose process does not end by itself.</summary>
    public abstract string RunsTool();

    /// <summary>The harness's own process, as it is now.</summary>
    internal abstract Task<ProcessIdentity> ProcessAsync(CancellationToken cancellationToken);

    /// <summary>Whether it is the process of that tool.</summary>
    internal abstract bool IsTool(ProcessIdentity process);

    public abstract ValueTask DisposeAsync();
}
