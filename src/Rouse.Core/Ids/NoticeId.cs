using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Names one notice. Text form: <c>notice_k3f9..._7</c>.</summary>
/// <param name="Crew">The crew it belongs to.</param>
/// <param name="Number">Unique within the crew, rising in the order of creation.</param>
[JsonConverter(typeof(IdConverter<NoticeId>))]
public readonly record struct NoticeId(CrewId Crew, int Number) : IParsable<NoticeId>, IComparable<NoticeId>
{
    private const string Prefix = "notice";

    public int CompareTo(NoticeId other) => Number.CompareTo(other.Number);

    public override string ToString() => IdText.Format(Prefix, Crew, Number);

    public static NoticeId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a notice id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out NoticeId result)
    {
        var valid = IdText.TryParse(Prefix, s, out var crew, out var number);
        result = valid ? new NoticeId(crew, number) : default;
        return valid;
    }
}
