using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Turns;

internal sealed partial class SessionTurns
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Session}: a turn that was cut off goes on after message {Length}.")]
    private partial void LogContinues(Address session, int length);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Session}: the turn is left open for the next start.")]
    private partial void LogStopped(Address session);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Session}: the turn broke off and is left open; the next delivery or start continues it.")]
    private partial void LogFailed(Address session, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: some turns have not stopped within {Deadline}.")]
    private partial void LogStillRunning(string instance, TimeSpan deadline);
}
