using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Harnesses.Chat;

public sealed partial class ChatHarness
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session} is deleted while its turn may still run: {Reason}")]
    private partial void LogDeletedWhileRunning(Address session, string reason);
}
