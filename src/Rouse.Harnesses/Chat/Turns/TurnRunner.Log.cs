using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Turns;

internal sealed partial class TurnRunner
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Session}: the turn ended by a defect of the harness.")]
    private partial void LogDefect(Address session, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session}: a step cannot be stored; it is tried again in {Pause}.")]
    private partial void LogWaits(Address session, TimeSpan pause, Exception exception);
}
