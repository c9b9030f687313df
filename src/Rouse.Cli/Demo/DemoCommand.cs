using System.CommandLine;
using System.Text.Json;
using Rouse.Cli.Client;
using Rouse.Cli.Output;
using Spectre.Console;

namespace Rouse.Cli.Demo;

/// <summary>
/// <c>rouse demo</c>: shows on this machine, offline, that a wake survives <c>kill -9</c> and comes once, and fails when it did not.
/// </summary>
internal sealed class DemoCommand : Command
{
    // It takes some ten seconds; a machine that needs this long has a fault that is worth a failed demo.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    private readonly Option<bool> _keep = new("--keep") { Description = "Keep the demo's data directory" };

    public DemoCommand()
        : base("demo", "See it work, offline: three delegations, a kill -9 in the middle, and one wake after it")
    {
        Options.Add(_keep);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var json = GlobalOptions.IsJson(parse);
        var screen = json ? Screen.Plain(TextWriter.Null, Console.Error) : Screen.OnTerminal();
        var data = Directory.CreateTempSubdirectory("rouse-demo-").FullName;
        using var limit = new CancellationTokenSource(Longest, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var report = await WithSpinnerAsync(screen, () => PlayAsync(screen, data, either.Token));
            if (json)
            {
                Screen.OnTerminal().Json(JsonSerializer.Serialize(report, DemoJson.Default.DemoReport));
            }
            else
            {
                Tell(screen, report);
            }

            return report.Passed ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            screen.Error($"the demo did not come to its end within {Longest.TotalSeconds} s");
            return ExitCode.Failed;
        }
        catch (Exception cannot) when (cannot is DemoException or UnreachableException or ProblemException)
        {
            screen.Error(cannot.Message);
            return ExitCode.Failed;
        }
        finally
        {
            Leave(screen, data, parse.GetValue(_keep));
        }
    }

    private static async Task<DemoReport> PlayAsync(Screen screen, string data, CancellationToken cancellationToken)
    {
        screen.Line($"[bold]Rouse demo[/]: a parent agent delegates three reviews, its worker is killed in the middle, and the wake still comes, once.");
        screen.Line();
        var timeline = new Timeline(screen, TimeProvider.System);
        await using var story = new DemoStory(data, timeline, TimeProvider.System);
        DemoFacts facts;
        using (var client = await story.RunAsync(cancellationToken))
        {
            facts = await DemoFacts.AskAsync(client, story.Progress.Parent!.Value, story.Crash, cancellationToken);
        }

        await story.StopAsync(cancellationToken);
        facts = facts with { History = await ParentHistory.ReadAsync(data, TimeProvider.System, cancellationToken) };
        var checks = DemoChecks.Of(facts);
        return new DemoReport(checks.All(c => c.Holds), checks, facts.Wakes is [var wake, ..] ? wake : null);
    }

    private static Task<DemoReport> WithSpinnerAsync(Screen screen, Func<Task<DemoReport>> play) =>
        screen.IsPlain || !screen.Console.Profile.Capabilities.Interactive
            ? play()
            : screen.Console.Status().Spinner(Spinner.Known.Dots).StartAsync("a worker, a parent and three children at work", _ => play());

    private static void Tell(Screen screen, DemoReport report)
    {
        if (report.Wake is { } wake)
        {
            screen.Line();
            screen.Line($"[bold]receipt[/] of {wake.Id}, {Words.Of(wake.Phase)}");
            ReceiptText.Write(screen, wake);
        }

        screen.Line();
        screen.Line($"[bold]verdict[/]");
        foreach (var check in report.Checks)
        {
            screen.Line($"  {Words.Mark(check.Holds)} {check.What} [grey]({check.Found})[/]");
        }

        screen.Line();
        screen.Line(report.Passed ? $"[green]all of it holds[/]" : (FormattableString)$"[red]it does not hold[/]: see the marked lines above");
    }

    private static void Leave(Screen screen, string data, bool keep)
    {
        if (keep)
        {
            screen.Hint($"the demo's data is kept in {data}");
        }
        else
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
