using System.CommandLine;
using Rouse.Cli.Client;
using Rouse.Cli.Output;
using Rouse.Cli.Values;

namespace Rouse.Cli.Commands;

/// <summary>What every command that lists has.</summary>
internal sealed class PagingOptions
{
    private readonly Option<string?> _after = new("--after") { Description = "Go on behind this one: the 'next' of the page before", HelpName = "next" };
    private readonly Option<int?> _limit = Value.Number("--limit", "How many at most", least: 1, most: 1000);

    public void AddTo(Command command)
    {
        command.Options.Add(_after);
        command.Options.Add(_limit);
    }

    public Paging Of(Call call) => new(call.Get(_after), call.Get(_limit));

    public static void Tell(Screen screen, string? next)
    {
        if (next is not null)
        {
            screen.Hint($"more: --after {next}");
        }
    }
}
