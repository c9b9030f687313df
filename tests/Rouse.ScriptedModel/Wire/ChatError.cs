using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rouse.ScriptedModel.Wire;

/// <summary>An error on the chat wire.</summary>
internal static class ChatError
{
    public static Task WriteAsync(
        HttpResponse response,
        int status,
        string message,
        string? retryAfter,
        CancellationToken cancellationToken)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        if (retryAfter is not null)
        {
            response.Headers.RetryAfter = retryAfter;
        }

        var error = new JsonObject
        {
            ["message"] = message,
            ["type"] = TypeOf(status),
            ["code"] = status.ToString(CultureInfo.InvariantCulture),
        };
        return response.WriteAsync(new JsonObject { ["error"] = error }.ToJsonString(), cancellationToken);
    }

    // Clients retry by the type as well as by the status, so a 401 that called itself a server error would be tried again.
    private static string TypeOf(int status) => status switch
    {
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
