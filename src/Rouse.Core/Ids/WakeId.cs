using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Names one wake. Text form: <c>wake_k3f9..._7</c>.</summary>
/// <param name="Crew">The crew it belongs to.</param>
/// <param name="Number">Unique within the crew, rising in the order of creation.</param>
[JsonConverter(typeof(IdConverter<WakeId>))]
public readonly record struct WakeId(CrewId Crew, int Number) : IParsable<WakeId>, IComparable<WakeId>
{
    private const string Prefix = "wake";

    public int CompareTo(WakeId other) => Number.CompareTo(other.Number);

    public override string ToString() => IdText.Format(Prefix, Crew, Number);

    public static WakeId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a wake id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out WakeId result)
    {
        var valid = IdText.TryParse(Prefix, s, out var crew, out var number);
        result = valid ? new WakeId(crew, number) : default;
        return valid;
    }
}
