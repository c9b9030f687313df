using Rouse.Core;
using Rouse.Harnesses.OpenCode.Wire;
using Rouse.Harnesses.Secrets;

namespace Rouse.Harnesses.OpenCode.Failures;

/// <summary>
/// Says what an error of OpenCode's means for another try. Names and status codes decide first; words are looked at only where OpenCode gives
/// nothing else, because providers word the same thing in many ways.
/// </summary>
internal static class FailureClassification
{
    public static TaskError Classify(WireError error)
    {
        var message = SecretScrub.Clean(error.Data?.Message);
        return error.Name switch
        {
            "MessageAbortedError" => new TaskError(FailureClass.Aborted, "aborted", OrElse(message, "The turn was stopped.")),
            "ContextOverflowError" => new TaskError(FailureClass.Request, "context-overflow", OrElse(message, "The context is longer than the model takes.")),
            "MessageOutputLengthError" => new TaskError(FailureClass.Request, "output-length", OrElse(message, "The answer was longer than the model may write.")),
            "ContentFilterError" => new TaskError(FailureClass.Request, "content-filter", OrElse(message, "The provider's filter refused the content.")),
            "StructuredOutputError" => new TaskError(FailureClass.Request, "structured-output", OrElse(message, "The answer did not have the shape that was asked for.")),
            "ProviderAuthError" => new TaskError(FailureClass.Provider, "bad-key", OrElse(message, "The provider refused the key.")),
            "APIError" => Api(error.Data, message),
            _ => Worded(error.Name, message),
        };
    }

    private static TaskError Api(WireErrorData? data, string message) => data?.StatusCode switch
    {
        // A provider says 429 both for "slower, please" and for "your credit is used up"; only the first one passes.
        429 when Says(message, QuotaWords) => new TaskError(FailureClass.Provider, "quota", message),
        429 => new TaskError(FailureClass.Passing, "rate-limited", OrElse(message, "The provider limits the rate (429).")),
        529 => new TaskError(FailureClass.Passing, "overloaded", OrElse(message, "The provider is overloaded (529).")),
        408 => new TaskError(FailureClass.Passing, "timeout", OrElse(message, "The provider took too long (408).")),
        >= 500 and var status => new TaskError(FailureClass.Passing, "unavailable", OrElse(message, $"The provider failed ({status}).")),
        401 => new TaskError(FailureClass.Provider, "bad-key", OrElse(message, "The provider refused the key (401).")),
        402 => new TaskError(FailureClass.Provider, "quota", OrElse(message, "The provider wants payment (402).")),
        403 => new TaskError(FailureClass.Provider, "forbidden", OrElse(message, "The provider refused access (403).")),
        404 => new TaskError(FailureClass.Provider, "unknown-model", OrElse(message, "The provider does not know the model (404).")),
        413 => new TaskError(FailureClass.Request, "context-overflow", OrElse(message, "The request is too large for the provider (413).")),
        >= 400 when Says(message, ContextWords) => new TaskError(FailureClass.Request, "context-overflow", message),
        >= 400 when Says(message, QuotaWords) => new TaskError(FailureClass.Provider, "quota", message),
        >= 400 and var status => new TaskError(FailureClass.Request, "invalid-request", OrElse(message, $"The provider refused the request ({status}).")),
        _ when data?.IsRetryable == true => new TaskError(FailureClass.Passing, "connection", OrElse(message, "The connection to the provider was lost.")),
        _ => Worded("APIError", message),
    };

    private static TaskError Worded(string? name, string message)
    {
        if (Says(message, ["Agent not found"]))
        {
            return new TaskError(FailureClass.Request, "unknown-agent", message);
        }

        if (Says(message, ["Model not found", "ProviderModelNotFound", "Provider not found"]))
        {
            return new TaskError(FailureClass.Provider, "unknown-model", message);
        }

        if (Says(message, QuotaWords))
        {
            return new TaskError(FailureClass.Provider, "quota", message);
        }

        if (Says(message, ContextWords))
        {
            return new TaskError(FailureClass.Request, "context-overflow", message);
        }

        if (Says(message, ["overloaded"]))
        {
            return new TaskError(FailureClass.Passing, "overloaded", message);
        }

        if (Says(message, ["rate limit", "too many requests"]))
        {
            return new TaskError(FailureClass.Passing, "rate-limited", message);
        }

        if (Says(message, ConnectionWords))
        {
            return new TaskError(FailureClass.Passing, "connection", message);
        }

        var raw = string.IsNullOrEmpty(name) ? "an error without a name" : name;
        return new TaskError(FailureClass.Unknown, "unknown", message.Length > 0 ? $"{raw}: {message}" : raw);
    }

    private static readonly string[] QuotaWords =
        ["insufficient_quota", "exceeded your current quota", "credit balance", "insufficient credit", "billing", "usage limit reached"];

    private static readonly string[] ContextWords =
        ["context length", "context window", "context_length_exceeded", "prompt is too long", "maximum context", "too many tokens"];

    private static readonly string[] ConnectionWords =
        [
            "Cannot connect", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EPIPE", "socket", "fetch failed", "network error", "terminated",
            "timed out", "Connection reset", "connection closed", "Unable to connect",
        ];

    private static bool Says(string message, IEnumerable<string> words) =>
        words.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string OrElse(string message, string otherwise) => message.Length > 0 ? message : otherwise;
}
