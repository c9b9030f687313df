using System.Runtime.CompilerServices;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

public sealed partial class SimNode
{
    /// <summary>The node's way to an instance. Times that a harness keeps are the world's; the time of a look is the node's own.</summary>
    private sealed class Harness(SimNode node, SimHarness inner) : IHarness
    {
        public string Instance => inner.Instance;

        public HarnessGrade Grade => inner.Grade;

        public ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken) =>
            new(node.ActAsync("create", () => inner.CreateSessionAsync(session, cancellationToken).AsTask()));

        public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken) =>
            new(node.ActAsync("deliver", () => inner.DeliverAsync(session, prompt, cancellationToken).AsTask()));

        public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken) =>
            new(node.ActAsync("find", () => inner.FindDeliveryAsync(session, key, cancellationToken).AsTask()));

        public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken) =>
            new(node.ActAsync("inspect", () => LookAsync(session, cancellationToken)));

        public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken) =>
            new(node.ActAsync("abort", () => inner.AbortAsync(session, cancellationToken).AsTask()));

        public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var signal in inner.WatchAsync(cancellationToken))
            {
                await node.AwakeAsync();
                yield return signal;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task<InspectResult> LookAsync(Address session, CancellationToken cancellationToken) =>
            await inner.InspectAsync(session, cancellationToken) is var result && result is InspectResult.Seen { Inspection: var seen }
                ? new InspectResult.Seen(seen with { At = seen.At + node._world.ClockIsOffBy })
                : result;
    }
}
