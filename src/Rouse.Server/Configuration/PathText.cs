namespace Rouse.Server;

/// <summary>Paths as people write them.</summary>
internal static class PathText
{
    public static string Absolute(string text, string directory, string home)
    {
        var expanded = text == "~" ? home : text.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, text[2..]) : text;
        return Path.GetFullPath(expanded, directory);
    }
}
