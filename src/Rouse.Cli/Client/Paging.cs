using System.Globalization;

namespace Rouse.Cli.Client;

/// <summary>Which page of a list.</summary>
/// <param name="After">What <c>next</c> said on the page before.</param>
/// <param name="Limit">How many at most; null leaves it to the server.</param>
internal sealed record Paging(string? After = null, int? Limit = null)
{
    public string Query(params IEnumerable<(string Name, string Value)> filter)
    {
        var parts = filter.ToList();
        if (After is not null)
        {
            parts.Add(("after", After));
        }

        if (Limit is { } limit)
        {
            parts.Add(("limit", limit.ToString(CultureInfo.InvariantCulture)));
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));
    }
}
