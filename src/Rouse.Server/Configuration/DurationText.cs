using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace Rouse.Server;

/// <summary>Durations as people write them: <c>30s</c>, <c>1h30m</c>, <c>250ms</c>, <c>2d</c>, or ISO 8601 such as <c>PT5M</c>.</summary>
public static partial class DurationText
{
    /// <summary>What a wrong one is answered with.</summary>
    public const string Expected = "must be a duration such as 30s, 5m, 1h30m or PT5M";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        return text is { Length: > 0 and <= 64 } && (text[0] == 'P' ? TryIso(text, out duration) : TryShort(text, out duration));
    }

    /// <summary>The short form, such as <c>1h30m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = string.Concat(
            Part(duration.Days, "d"), Part(duration.Hours, "h"), Part(duration.Minutes, "m"), Part(duration.Seconds, "s"),
            Part(duration.Milliseconds, "ms"));
        return text.Length == 0 ? "0s" : text;
    }

    private static string Part(int number, string unit) => number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");

    private static bool TryShort(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Short().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var milliseconds = Number(match, "d") * 86_400_000 + Number(match, "h") * 3_600_000 + Number(match, "m") * 60_000
            + Number(match, "s") * 1_000 + Number(match, "ms");
        return TryBound(TimeSpan.FromMilliseconds(milliseconds), out duration);
    }

    private static bool TryIso(string text, out TimeSpan duration)
    {
        duration = default;
        if (!Iso().IsMatch(text))
        {
            return false;
        }

        try
        {
            return TryBound(XmlConvert.ToTimeSpan(text), out duration);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static bool TryBound(TimeSpan value, out TimeSpan duration)
    {
        duration = value;
        return value <= Longest;
    }

    private static long Number(Match match, string unit) =>
        match.Groups[unit] is { Success: true } digits ? long.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"\A(?=.)(?:(?<d>[0-9]{1,6})d)?(?:(?<h>[0-9]{1,7})h)?(?:(?<m>[0-9]{1,9})m)?(?:(?<s>[0-9]{1,10})s)?(?:(?<ms>[0-9]{1,12})ms)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Short();

    // Years and months are refused: nobody can say how long they are.
    [GeneratedRegex(
        @"\AP(?=.)(?:[0-9]{1,6}D)?(?:T(?=.)(?:[0-9]{1,7}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,10}(?:\.[0-9]{1,7})?S)?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Iso();
}
