using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Names one session known to Rouse. Text form: <c>session_k3f9..._7</c>.</summary>
/// <param name="Crew">The crew it belongs to.</param>
/// <param name="Number">Unique within the crew, rising in the order of creation.</param>
[JsonConverter(typeof(IdConverter<SessionId>))]
public readonly record struct SessionId(CrewId Crew, int Number) : IParsable<SessionId>, IComparable<SessionId>
{
    private const string Prefix = "session";

    public int CompareTo(SessionId other) => Number.CompareTo(other.Number);

    public override string ToString() => IdText.Format(Prefix, Crew, Number);

    public static SessionId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a session id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SessionId result)
    {
        var valid = IdText.TryParse(Prefix, s, out var crew, out var number);
        result = valid ? new SessionId(crew, number) : default;
        return valid;
    }
}
