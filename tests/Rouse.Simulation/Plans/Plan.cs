using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Rouse.Simulation;

/// <summary>
/// All that a run does to the world, drawn from a seed before it begins. It is data, so that a run that fails can be told, and made smaller
/// piece by piece until only what matters is left.
/// </summary>
public sealed record Plan
{
    /// <summary>Also the seed of the order in which things happen.</summary>
    public required int Seed { get; init; }

    public required Setting Setting { get; init; }

    public required Habits Habits { get; init; }

    public required Weather Weather { get; init; }

    public required ImmutableArray<Deed> Deeds { get; init; }

    /// <summary>So long deeds are done and things go wrong; then everything that is owed must settle.</summary>
    public required TimeSpan Trouble { get; init; }

    /// <summary>For people: what is planned, a line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed {Seed}, trouble for {Trouble.TotalSeconds:0} s, agents may: {Habits}\n{Setting}\n");
        text.Append(CultureInfo.InvariantCulture, $"calls fail {Weather.Calls:0.00}, commits {Weather.Commits:0.00}, signals {Weather.Signals:0.00}, reads {Weather.Reads:0.00}");
        if (Weather.Only is { } only)
        {
            text.Append("; only ").AppendJoin(", ", only.OrderBy(s => s.Where, StringComparer.Ordinal).ThenBy(s => s.Number).Select(s => $"{s.Where} #{s.Number}"));
        }

        return text.Append('\n').AppendJoin('\n', Deeds.OrderBy(d => d.At)).Append('\n').ToString();
    }
}
