using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Turns;

internal sealed partial class ToolRun
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session}: the tool {Tool} failed. {Detail}")]
    private partial void LogFailed(Address session, string tool, string detail);
}
