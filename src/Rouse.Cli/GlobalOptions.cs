using System.CommandLine;
using Rouse.Cli.Values;

namespace Rouse.Cli;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Print the API's JSON instead of text", Recursive = true };

    public static Option<Uri?> Url { get; } = Value.Url(
        "--url", "The server's address (else ROUSE_URL, else what the data directory says)", recursive: true);

    public static Option<string?> Token { get; } = new("--token")
    {
        Description = "The bearer token (else ROUSE_TOKEN, else the data directory's token file)", Recursive = true, HelpName = "token",
    };

    public static Option<string?> Data { get; } = new("--data")
    {
        Description = "The data directory (else ROUSE__data, else ~/.local/share/rouse)", Recursive = true, HelpName = "directory",
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        root.Options.Add(Url);
        root.Options.Add(Token);
        root.Options.Add(Data);
    }

    public static bool IsJson(ParseResult parse) => parse.GetValue(Json);
}
