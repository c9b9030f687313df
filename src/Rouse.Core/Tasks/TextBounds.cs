using System.Globalization;
using System.Text;

namespace Rouse.Core;

/// <summary>Cuts text for people without breaking a character in two.</summary>
public static class TextBounds
{
    /// <summary>The first line with something on it, without control characters, of at most <paramref name="most"/> characters; null when there is none.</summary>
    public static string? OneLine(string? text, int most)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var line = text.Split(['\n', '\r', '\u2028', '\u2029', '\u0085'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Visible).FirstOrDefault(l => l.Length > 0);
        return line is null ? null : Head(line, most);
    }

    /// <summary>At most <paramref name="most"/> characters, the last one an ellipsis where something was cut.</summary>
    public static string Head(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var cut = Math.Max(0, most - 1);
        if (cut > 0 && char.IsHighSurrogate(text[cut - 1]))
        {
            cut--;
        }

        return string.Concat(text.AsSpan(0, cut).TrimEnd(), "…");
    }

    /// <summary>As many whole characters from the start as fit into <paramref name="bytes"/> of UTF-8.</summary>
    public static string HeadBytes(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        var used = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > bytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    /// <summary>Without control and invisible formatting characters, which can hide or reorder what a person reads; a tab becomes a space.</summary>
    public static string Visible(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text.Trim();
        }

        return string.Concat(text.Replace('\t', ' ').Where(c => !IsHidden(c))).Trim();
    }

    private static bool IsHidden(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
}
