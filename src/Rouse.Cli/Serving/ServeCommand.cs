using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Rouse.Cli.Output;
using Rouse.Cli.Values;
using Rouse.Engine;
using Rouse.Server;

namespace Rouse.Cli.Serving;

/// <summary><c>rouse serve</c>: runs a node until it is asked to stop.</summary>
internal sealed class ServeCommand : Command
{
    /// <summary>What a program that starts a node waits for on its standard output; the address follows.</summary>
    public const string ListeningLine = "rouse listening on ";

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The configuration file (else rouse.json in the data directory, else in the working directory)", HelpName = "file",
    };

    private readonly Option<string?> _log = Value.OneOf("--log", "What is logged on the standard error, and what weighs more", "debug", "information", "warning", "error");

    public ServeCommand()
        : base("serve", "Run a node; --url and --data say where it listens and where it keeps its journal")
    {
        Options.Add(_config);
        Options.Add(_log);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var screen = Screen.OnTerminal();
        try
        {
            var settings = RouseSettings.Load(SettingsSources.OfProcess(parse.GetValue(_config), Flags(parse)));
            await using var server = await RouseServer.StartAsync(settings, ServerOptions(parse, screen), cancellationToken);
            using var record = UrlRecord.Write(settings.Data, server.Url);
            Tell(screen, server.Url, GlobalOptions.IsJson(parse));
            await server.WaitForStopAsync(cancellationToken);
            return ExitCode.Done;
        }
        catch (ConfigurationException wrong)
        {
            foreach (var problem in wrong.Problems)
            {
                screen.Error(problem.ToString());
            }

            return ExitCode.Usage;
        }
        catch (Exception cannot) when (cannot is JournalOpenException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            screen.Error(cannot.Message);
            return ExitCode.Failed;
        }
    }

    private static ImmutableArray<SettingOverride> Flags(ParseResult parse)
    {
        var flags = ImmutableArray.CreateBuilder<SettingOverride>();
        if (parse.GetValue(GlobalOptions.Data) is { } data)
        {
            flags.Add(new SettingOverride(["data"], data, "--data"));
        }

        if (parse.GetValue(GlobalOptions.Url) is { } url)
        {
            flags.Add(new SettingOverride(["url"], url.ToString(), "--url"));
        }

        return flags.ToImmutable();
    }

    private RouseServerOptions ServerOptions(ParseResult parse, Screen screen) => new() { Logging = logging => NodeLog.Configure(logging, Level(parse), screen) };

    private LogLevel Level(ParseResult parse) => parse.GetValue(_log) is { } level ? Enum.Parse<LogLevel>(level, ignoreCase: true) : LogLevel.Warning;

    private static void Tell(Screen screen, Uri url, bool json)
    {
        if (json)
        {
            screen.Json(new JsonObject { ["url"] = url.ToString().TrimEnd('/') }.ToJsonString());
        }
        else
        {
            // Not through the screen's markup: programs wait for exactly this line.
            screen.Text(ListeningLine + url.ToString().TrimEnd('/'));
        }
    }
}
