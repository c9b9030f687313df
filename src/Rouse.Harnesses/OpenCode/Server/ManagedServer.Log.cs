using Microsoft.Extensions.Logging;

namespace Rouse.Harnesses.OpenCode.Server;

internal sealed partial class ManagedServer
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance}: started OpenCode at {Url} as process {Process}.")]
    private partial void LogStarted(string instance, int process, Uri url);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance}: found OpenCode running at {Url} as process {Process}.")]
    private partial void LogFound(string instance, int process, Uri url);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: OpenCode's process {Process} lives and does not answer; it is ended.")]
    private partial void LogHung(string instance, int process);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: ended {Count} processes that a former server left behind.")]
    private partial void LogLeftovers(string instance, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: OpenCode's process {Process} ended; the next start comes in {Seconds:0.#} s.")]
    private partial void LogDied(string instance, int process, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Instance}: {Reason}")]
    private partial void LogNotStarted(string instance, string reason);
}
