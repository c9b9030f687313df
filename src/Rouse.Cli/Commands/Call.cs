using System.CommandLine;
using Rouse.Cli.Client;
using Rouse.Cli.Output;

namespace Rouse.Cli.Commands;

/// <summary>One run of a command that asks the server.</summary>
internal sealed record Call(ParseResult Parse, RouseClient Client, Screen Screen, TimeProvider Time)
{
    public bool IsJson => GlobalOptions.IsJson(Parse);

    public T? Get<T>(Option<T> option) => Parse.GetValue(option);

    public T? Get<T>(Argument<T> argument) => Parse.GetValue(argument);
}
