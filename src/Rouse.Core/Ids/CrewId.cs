using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Names a crew: a root session and all its descendants. Text form: <c>crew_k3f9...</c>.</summary>
/// <param name="Stem">Lower case letters and digits, unique to the crew; it stands in every id inside the crew.</param>
[JsonConverter(typeof(IdConverter<CrewId>))]
public readonly record struct CrewId(string Stem) : IParsable<CrewId>
{
    private const string Prefix = "crew_";

    public override string ToString() => Prefix + Stem;

    public static CrewId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a crew id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CrewId result)
    {
        var valid = s is not null && s.StartsWith(Prefix, StringComparison.Ordinal) && IdText.IsStem(s.AsSpan(Prefix.Length));
        result = valid ? new CrewId(s![Prefix.Length..]) : default;
        return valid;
    }
}
