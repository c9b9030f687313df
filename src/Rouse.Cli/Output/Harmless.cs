using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rouse.Cli.Output;

/// <summary>
/// Makes text that an agent or a stranger wrote safe to show: it cannot move the cursor, colour or clear the screen, set the title, write
/// to the clipboard, or show in another order than it is stored.
/// </summary>
internal static partial class Harmless
{
    private const char ZeroWidthNonJoiner = '\u200c';
    private const char ZeroWidthJoiner = '\u200d';

    /// <summary>One line: line breaks and tabs become spaces.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Several lines: line feeds and tabs stay.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    /// <summary>JSON with the same meaning in which everything that a terminal could act upon is written as an escape.</summary>
    public static string Json(string json)
    {
        if (!json.EnumerateRunes().Any(IsActive))
        {
            return json;
        }

        // Outside of strings JSON has no other such character than line breaks and tabs, inside of strings an escape is the same character.
        var safe = new StringBuilder(json.Length + 16);
        foreach (var rune in json.EnumerateRunes())
        {
            if (!IsActive(rune))
            {
                safe.Append(rune);
                continue;
            }

            foreach (var unit in rune.ToString())
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return safe.ToString();
    }

    private static string Clean(string text, bool keepLines)
    {
        var plain = text.Contains('\e') || text.Contains('\u009b') || text.Contains('\u009d') ? Sequences().Replace(text, "") : text;
        var lines = plain.ReplaceLineEndings("\n");
        var safe = new StringBuilder(lines.Length);
        foreach (var rune in lines.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t')
            {
                safe.Append(keepLines ? (char)rune.Value : ' ');
            }
            else if (!IsHidden(rune))
            {
                safe.Append(rune);
            }
        }

        return safe.ToString();
    }

    private static bool IsActive(Rune rune) => rune.Value is not ('\n' or '\r' or '\t') && IsHidden(rune);

    // The two joiners shape letters and emoji and can neither hide nor reorder.
    private static bool IsHidden(Rune rune) =>
        rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;

    // Whole sequences go, so that no "[31m" is left behind: control sequences, strings (title, clipboard, links), and short escapes.
    [GeneratedRegex(
        @"(?:\e\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\e[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\a\e\u009c]*(?:\a|\e\\|\u009c)|\e[ -/]*[0-~]",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Sequences();
}
