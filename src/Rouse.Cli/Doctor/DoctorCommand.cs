using System.CommandLine;
using System.Text.Json;
using Rouse.Cli.Client;
using Rouse.Cli.Output;

namespace Rouse.Cli.Doctor;

/// <summary><c>rouse doctor</c>: looks at all that a node needs and says what to do about what is missing.</summary>
internal sealed class DoctorCommand : Command
{
    private readonly Option<string?> _config = new("--config") { Description = "The configuration file to check", HelpName = "file" };

    public DoctorCommand()
        : base("doctor", "Check the configuration, the data directory, the token, SQLite, the server and its instances")
    {
        Options.Add(_config);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var screen = Screen.OnTerminal();
        var local = LocalSettings.Of(parse);
        var findings = new List<Finding>();
        findings.AddRange(ConfigurationCheck.Look(parse.GetValue(_config), parse.GetValue(GlobalOptions.Data)));
        findings.Add(DataDirectoryCheck.Look(local.Data));
        findings.Add(TokenCheck.Look(local.Data));
        findings.Add(await SqliteCheck.LookAsync());
        findings.AddRange(await ServerCheck.LookAsync(ServerAddress.Of(parse), cancellationToken));

        if (GlobalOptions.IsJson(parse))
        {
            screen.Json(JsonSerializer.Serialize(new Findings(findings), DoctorJson.Default.Findings));
        }
        else
        {
            Tell(screen, findings);
        }

        return findings.Exists(f => f.Health == Health.Bad) ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Tell(Screen screen, List<Finding> findings)
    {
        foreach (var finding in findings)
        {
            screen.Line($"{Mark(finding.Health)} {finding.What}: {finding.Detail}");
            if (finding.Advice is { } advice)
            {
                screen.Line($"    [grey]->[/] {advice}");
            }
        }
    }

    private static FormattableString Mark(Health health) => health switch
    {
        Health.Well => $"[green]✓[/]",
        Health.Note => $"[yellow]![/]",
        Health.Bad => $"[red]✗[/]",
        _ => $"[grey]?[/]",
    };
}
