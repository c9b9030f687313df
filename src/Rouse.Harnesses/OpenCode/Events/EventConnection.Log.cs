using Microsoft.Extensions.Logging;

namespace Rouse.Harnesses.OpenCode.Events;

internal sealed partial class EventConnection
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: an event of {Bytes} bytes cannot be read and is skipped: {Reason}")]
    private partial void LogBroken(string instance, int bytes, string reason);
}
