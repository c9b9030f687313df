using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rouse.Cli.Output;
using Rouse.Cli.Serving;
using Rouse.Engine;
using Rouse.Harnesses.Chat;
using Rouse.Server;

namespace Rouse.Cli.Demo;

/// <summary>
/// The process that the demo kills: a node like that of <c>rouse serve</c>, with one instance whose model is a script. What comes on its
/// standard input is a person typing to the parent; at its end the node stops.
/// </summary>
internal sealed class DemoWorkerCommand : Command
{
    public const string CommandName = "demo-worker";

    public DemoWorkerCommand()
        : base(CommandName, "The node that the demo runs and kills")
    {
        Hidden = true;
        SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var data = parse.GetValue(GlobalOptions.Data) ?? throw new UsageException("demo-worker is started by: rouse demo");
        var url = parse.GetValue(GlobalOptions.Url) ?? throw new UsageException("demo-worker is started by: rouse demo");
        var screen = Screen.OnTerminal();
        var settings = RouseSettings.Load(
            SettingsSources.OfProcess(configFile: null, new SettingOverride(["data"], data, "--data"), new SettingOverride(["url"], url.ToString(), "--url")));
        ChatHarness? harness = null;
        var options = new RouseServerOptions
        {
            Logging = logging => NodeLog.Configure(logging, LogLevel.Warning, screen),
            Node = node => node.Harnesses.Add(services => harness = Harness(services)),
        };
        await using var server = await RouseServer.StartAsync(settings, options, cancellationToken);
        screen.Text(ServeCommand.ListeningLine + server.Url.ToString().TrimEnd('/'));

        await await Task.WhenAny(ListenAsync(harness!, cancellationToken), server.WaitForStopAsync(cancellationToken));
        await server.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }

    private static ChatHarness Harness(IServiceProvider services) => new(
        DemoScript.Harness(TimeProvider.System),
        services.GetRequiredService<ITranscripts>(),
        services.GetRequiredService<IBackgroundAgents>,
        TimeProvider.System,
        services.GetRequiredService<ILoggerFactory>());

    private static async Task ListenAsync(ChatHarness harness, CancellationToken cancellationToken)
    {
        // Not Console.In, whose asynchronous reads are not.
        using var keyboard = new StreamReader(Console.OpenStandardInput());
        while (await keyboard.ReadLineAsync(cancellationToken) is { } line)
        {
            var parent = await harness.OpenSessionAsync(DemoScript.ParentSession, agent: null, model: null, cancellationToken);
            if (await harness.SendAsync(parent.Id, line, key: null, cancellationToken) is var answer and not DeliverResult.Sent)
            {
                throw new DemoException($"the parent's session did not take the message: {answer}");
            }
        }
    }
}
