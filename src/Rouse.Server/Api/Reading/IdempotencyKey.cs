using Microsoft.AspNetCore.Http;

namespace Rouse.Server;

/// <summary>The header that makes a repeated request the same task.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    private const int Longest = 255;

    public static string? Of(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        return values is [{ Length: > 0 and <= Longest } key] && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw KnownProblems.Invalid(Header, $"must be one key of 1 to {Longest} visible ASCII characters");
    }
}
