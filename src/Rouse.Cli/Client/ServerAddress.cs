using System.CommandLine;

namespace Rouse.Cli.Client;

/// <summary>Where the server is and what proves that one may ask it.</summary>
/// <param name="Advice">What to do when nothing answers there.</param>
internal sealed record ServerAddress(Uri Url, string? Token, string Advice)
{
    private static readonly Uri Usual = new("http://127.0.0.1:7410");

    /// <summary>As people write it.</summary>
    public string At => Url.ToString().TrimEnd('/');

    /// <summary>Flags, then the environment, then what the node left in its data directory, then what it is configured to.</summary>
    public static ServerAddress Of(ParseResult parse)
    {
        var local = LocalSettings.Of(parse);
        var told = parse.GetValue(GlobalOptions.Url) ?? FromEnvironment();
        var token = parse.GetValue(GlobalOptions.Token) ?? Set("ROUSE_TOKEN") ?? local.Data.Token();
        return new ServerAddress(
            told ?? local.Data.RecordedUrl() ?? local.Url ?? Usual,
            token,
            told is null ? "start it with: rouse serve, or say where it is with --url or ROUSE_URL" : "is it running, and is this its address?");
    }

    private static Uri? FromEnvironment()
    {
        if (Set("ROUSE_URL") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new UsageException($"ROUSE_URL: '{text}' is not an address such as http://127.0.0.1:7410");
    }

    private static string? Set(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
