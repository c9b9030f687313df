using System.Globalization;
using System.Net.Sockets;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Turns;

/// <summary>What an exception of a model's client says about trying again.</summary>
internal static class ModelErrors
{
    private const int LongestMessage = 500;

    public static TaskError Classify(Exception exception, string model) => StatusOf(exception) is { } status
        ? OfStatus(status, exception.Message, model)
        : exception switch
        {
            // A client of HTTP reports its own time limit as a cancellation.
            TimeoutException or OperationCanceledException => Error(FailureClass.Passing, "timeout", $"{model} did not answer in time", exception.Message),
            HttpRequestException or IOException or SocketException =>
                Error(FailureClass.Passing, "connection", $"The connection to {model} failed", exception.Message),
            _ => Error(FailureClass.Unknown, "model-error", $"{model} failed with {exception.GetType().Name}", exception.Message),
        };

    private static TaskError OfStatus(int status, string message, string model)
    {
        var (failure, reason) = status switch
        {
            429 when Mentions(message, "insufficient_quota", "billing", "quota exceeded", "credit") => (FailureClass.Provider, "quota"),
            429 => (FailureClass.Passing, "rate-limited"),
            408 => (FailureClass.Passing, "timeout"),
            >= 500 => (FailureClass.Passing, "overloaded"),
            401 or 403 => (FailureClass.Provider, "bad-key"),
            402 => (FailureClass.Provider, "quota"),
            404 => (FailureClass.Provider, "unknown-model"),
            _ when Mentions(message, "context length", "context window", "context_length", "too long", "too many tokens") =>
                (FailureClass.Request, "context-overflow"),
            _ => (FailureClass.Request, "invalid-request"),
        };
        return Error(failure, reason, $"{model} answered {status.ToString(CultureInfo.InvariantCulture)}", message);
    }

    // Each vendor's package has an exception of its own with the HTTP status in 'Status' or 'StatusCode'. Knowing the property spares a dependency on each.
    private static int? StatusOf(Exception exception)
    {
        foreach (var name in (string[])["Status", "StatusCode"])
        {
            if (exception.GetType().GetProperty(name)?.GetValue(exception) is { } value && value is int or Enum
                && Convert.ToInt32(value, CultureInfo.InvariantCulture) is var status and >= 400 and < 600)
            {
                return status;
            }
        }

        return null;
    }

    private static bool Mentions(string message, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (message.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static TaskError Error(FailureClass failure, string reason, string what, string message) =>
        new(failure, reason, TextBounds.OneLine(message, LongestMessage) is { } detail ? $"{what}: {detail}" : what + ".");
}
