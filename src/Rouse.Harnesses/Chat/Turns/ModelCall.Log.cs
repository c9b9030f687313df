using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Turns;

/// <remarks>Providers repeat keys in their errors, so an exception is logged as a text without them.</remarks>
internal sealed partial class ModelCall
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session}: the call of {Model} failed ({Reason}). {Detail}")]
    private partial void LogFailed(Address session, string model, string reason, string detail);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session}: a call of {Model} that had been given up failed later. {Detail}")]
    private partial void LogLate(Address session, string model, string detail);
}
