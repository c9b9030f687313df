using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Turns;

internal sealed partial class ModelCall
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session}: the call of {Model} failed ({Reason}).")]
    private partial void LogFailed(Address session, string model, string reason, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session}: a call of {Model} that had been given up failed later.")]
    private partial void LogLate(Address session, string model, Exception exception);
}
