using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Rouse.Cli.Output;

namespace Rouse.Cli.Serving;

/// <summary>A node's log on the standard error, one entry a line; the standard output is for programs.</summary>
internal static class NodeLog
{
    public static void Configure(ILoggingBuilder logging, LogLevel least, Screen screen)
    {
        logging.SetMinimumLevel(least);
        logging.AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.UseUtcTimestamp = true;
            line.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            line.ColorBehavior = screen.IsPlain || Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
