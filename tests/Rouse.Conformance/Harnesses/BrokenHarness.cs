using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>Which calls to the harness go wrong.</summary>
public enum BrokenCall
{
    /// <summary>All of them, for as long as it lasts: the harness is down, or hangs.</summary>
    Every,

    /// <summary>The next one that creates a session.</summary>
    Creation,

    /// <summary>The next one that stores a prompt.</summary>
    Delivery,
}

/// <summary>How a call to the harness goes wrong.</summary>
public enum Breakage
{
    /// <summary>The harness never hears of it.</summary>
    Refused,

    /// <summary>The harness does it, and the answer is lost.</summary>
    ReplyLost,

    /// <summary>The harness does it, and the answer does not come before any deadline.</summary>
    Hangs,
}

/// <summary>An adapter, with short deadlines, for a harness that fails it; disposing ends both.</summary>
public sealed class BrokenHarness(IHarness harness, IDisposable fault) : IAsyncDisposable
{
    public IHarness Harness => harness;

    public async ValueTask DisposeAsync()
    {
        fault.Dispose();
        await harness.DisposeAsync();
    }
}
