namespace Rouse.Cli.Client;

/// <summary>The directory where a node keeps its journal, its token and the address that it listens on.</summary>
internal sealed record DataDirectory(string Path)
{
    public string TokenFile => System.IO.Path.Combine(Path, "token");

    public string UrlFile => System.IO.Path.Combine(Path, "url");

    /// <summary>The token as the node made it; null when there is none that this user can read.</summary>
    public string? Token() => FirstLine(TokenFile);

    /// <summary>Where the node that uses this directory listens, or last listened; null when it says nothing.</summary>
    public Uri? RecordedUrl() => Uri.TryCreate(FirstLine(UrlFile), UriKind.Absolute, out var url) ? url : null;

    private static string? FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim() is { Length: > 0 } line ? line : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
