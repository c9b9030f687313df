using Microsoft.Extensions.Logging;

namespace Rouse.Harnesses.OpenCode.Http;

internal sealed partial class OpenCodeClient
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance}: {Reason} It is not asked again for {Seconds} s.")]
    private partial void LogRefused(string instance, string reason, double seconds);
}
