using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>An adapter whose watch can be made to miss signals; disposing ends it.</summary>
/// <param name="miss">Makes a watch that nobody reads from at the moment miss signals.</param>
/// <param name="losesConnection">Whether the connection is lost in that, which the watch must say.</param>
public sealed class GappyHarness(IHarness harness, Func<Task> miss, bool losesConnection) : IAsyncDisposable
{
    public IHarness Harness => harness;

    public bool LosesConnection => losesConnection;

    public Task MissAsync() => miss();

    public ValueTask DisposeAsync() => harness.DisposeAsync();
}
