using Microsoft.Extensions.Logging;

namespace Rouse.Harnesses.OpenCode.Events;

internal sealed partial class EventWatch
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance}: the event stream is up.")]
    private partial void LogConnected(string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: no event stream. {Reason}")]
    private partial void LogLost(string instance, string reason);
}
