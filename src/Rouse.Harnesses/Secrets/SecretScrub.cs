using System.Text.RegularExpressions;
using Rouse.Core;

namespace Rouse.Harnesses.Secrets;

/// <summary>
/// Makes another program's error text fit to be kept and shown: providers repeat keys in their messages ("Incorrect API key provided: ...").
/// </summary>
internal static partial class SecretScrub
{
    private const int MostCharacters = 2000;

    private const string Hidden = "[hidden]";

    public static string Clean(string? text, string? knownSecret = null)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        // Before anything is looked at, so that a message of megabytes costs no more than a short one. A secret cut in two keeps its start.
        var clean = text.Length > 4 * MostCharacters ? text[..(4 * MostCharacters)] : text;
        if (!string.IsNullOrEmpty(knownSecret))
        {
            clean = clean.Replace(knownSecret, Hidden, StringComparison.Ordinal);
        }

        clean = KeyLike().Replace(clean, Hidden);
        clean = Authorization().Replace(clean, "${kept} " + Hidden);
        clean = Named().Replace(clean, "${kept}" + Hidden);
        clean = UserInfo().Replace(clean, "${kept}" + Hidden + "@");
        return TextBounds.Head(clean.Trim(), MostCharacters);
    }

    /// <summary>The prefixes that providers give their keys.</summary>
    [GeneratedRegex(@"\b(?:sk|pk|rk|xai|gsk|ghp|gho|ghs|hf|AIza|AKIA|xox[abp])[-_A-Za-z0-9*.]{8,}", RegexOptions.NonBacktracking)]
    private static partial Regex KeyLike();

    [GeneratedRegex(@"\b(?<kept>Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{6,}", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Authorization();

    [GeneratedRegex(
        @"(?<kept>(?:api[-_]?key|access[-_]?token|auth[-_]?token|password|secret)[""']?\s*[=:]\s*[""']?)[^\s""'&,;]{4,}",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<kept>\bhttps?://)[^\s/@]+@", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
