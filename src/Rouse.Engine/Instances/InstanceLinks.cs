using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>The instances that this node serves. Nothing is shared between them: one that is slow or down touches no other.</summary>
internal sealed class InstanceLinks : IAsyncDisposable
{
    private readonly FrozenDictionary<string, InstanceLink> _links;

    public InstanceLinks(IReadOnlyList<IHarness> harnesses, EngineOptions options, TimeProvider time, ILoggerFactory logs)
    {
        var twice = harnesses.GroupBy(h => h.Instance, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw new ArgumentException($"The instance '{twice.Key}' is given twice.", nameof(harnesses));
        }

        var log = logs.CreateLogger<InstanceLink>();
        _links = harnesses.ToFrozenDictionary(h => h.Instance, h => new InstanceLink(h, options, time, log), StringComparer.Ordinal);
    }

    public IEnumerable<InstanceLink> All => _links.Values.OrderBy(l => l.Harness.Instance, StringComparer.Ordinal);

    public InstanceLink? Find(string instance) => _links.GetValueOrDefault(instance);

    public bool IsReady(string instance) => Find(instance)?.IsReady ?? false;

    /// <summary>The link of the instance; an obligation is performed only while there is one.</summary>
    public InstanceLink Of(string instance) =>
        Find(instance) ?? throw new InvalidOperationException($"The instance '{instance}' is not configured on this node.");

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links.Values)
        {
            await link.DisposeAsync();
        }
    }
}
