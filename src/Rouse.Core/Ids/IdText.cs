using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rouse.Core;

/// <summary>
/// The text form of ids. A crew's id is <c>crew_</c> and a stem; everything inside a crew is named by its kind, the crew's
/// stem and a number, so that the crew of an id is known without a look-up. Callers treat ids as opaque.
/// </summary>
internal static class IdText
{
    private const int LongestStem = 32;

    public static string Format(string prefix, CrewId crew, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}_{crew.Stem}_{number}");

    public static bool TryParse(string prefix, [NotNullWhen(true)] string? text, out CrewId crew, out int number)
    {
        crew = default;
        number = 0;
        if (text is null || !text.StartsWith(prefix, StringComparison.Ordinal) || text.Length <= prefix.Length || text[prefix.Length] != '_')
        {
            return false;
        }

        var rest = text.AsSpan(prefix.Length + 1);
        var cut = rest.IndexOf('_');
        if (cut < 0 || !IsStem(rest[..cut]))
        {
            return false;
        }

        var digits = rest[(cut + 1)..];
        // The parser forgives zero characters at the end.
        if (digits.Length is 0 or > 9 || digits[0] == '0' || digits.ContainsAnyExceptInRange('0', '9') || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        crew = new CrewId(rest[..cut].ToString());
        return true;
    }

    public static bool IsStem(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestStem)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9')))
            {
                return false;
            }
        }

        return true;
    }
}
