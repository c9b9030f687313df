using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>
/// Which lanes an attempt is on, and how many attempts each may hold. A lane set for the model (<c>provider/model</c>) and one set
/// for its provider both hold; an attempt that matches neither is on the lane <c>default</c>.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class LaneLimits
{
    /// <summary>The lane of every attempt for which no lane of its own is set.</summary>
    public const string DefaultLane = "default";

    private const int DefaultLimit = 5;
    private readonly ImmutableSortedDictionary<string, int> _limits;

    /// <param name="limits">Attempts per lane; 0 means unlimited. <c>default</c> is 5 unless it is set.</param>
    public LaneLimits(IEnumerable<KeyValuePair<string, int>> limits) =>
        _limits = limits.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static LaneLimits Default { get; } = new([]);

    /// <summary>The lanes of an attempt that runs this model, in ordinal order; null for a model that the agent chooses.</summary>
    public ImmutableArray<string> LanesOf(string? model)
    {
        if (model is not null)
        {
            var provider = model.Split('/', 2)[0];
            var lanes = new[] { provider, model }.Distinct(StringComparer.Ordinal).Where(l => l != DefaultLane && _limits.ContainsKey(l)).ToImmutableArray();
            if (!lanes.IsEmpty)
            {
                return lanes;
            }
        }

        return [DefaultLane];
    }

    /// <summary>How many attempts the lane may hold; null for no limit.</summary>
    public int? LimitOf(string lane)
    {
        var limit = _limits.GetValueOrDefault(lane, DefaultLimit);
        return limit == 0 ? null : limit;
    }
}
