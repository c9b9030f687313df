using System.CommandLine;
using System.Globalization;
using Rouse.Cli.Client;
using Rouse.Cli.Output;
using Rouse.Cli.Values;
using Rouse.Core;

namespace Rouse.Cli.Commands;

/// <summary><c>rouse events</c>: prints what happens, until it is stopped.</summary>
internal sealed class EventsCommand : ClientCommand
{
    private readonly Option<long?> _after = Value.Position("--after", "Behind this position, 0 for all that is kept (else from now on)");
    private readonly Option<CrewId?> _crew = Value.Id<CrewId>("--crew", "Only of this crew", "crew_k3f9");

    public EventsCommand()
        : base("events", "Follow what happens, until Ctrl-C; with --json one event a line")
    {
        Options.Add(_after);
        Options.Add(_crew);
    }

    protected override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var reader = new EventReader(call.Client, call.Time) { Crew = call.Get(_crew) };
        await foreach (var item in reader.ReadAsync(call.Get(_after), cancellationToken))
        {
            switch (item)
            {
                case StreamItem.Happened happened:
                    Tell(call, happened);
                    break;
                case StreamItem.Lost lost:
                    call.Screen.Hint($"connection lost ({lost.Reason}); trying again");
                    break;
                default:
                    break;
            }
        }

        return ExitCode.Done;
    }

    private static void Tell(Call call, StreamItem.Happened item)
    {
        if (call.IsJson)
        {
            call.Screen.Json(item.Json);
            return;
        }

        var happened = item.Event;
        var clock = happened.At.UtcDateTime.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        call.Screen.Line($"[grey]{clock}  {happened.Position}[/]  {happened.Type}  [grey]{happened.Data.GetRawText()}[/]");
    }
}
