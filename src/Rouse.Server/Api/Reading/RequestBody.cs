using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Rouse.Server;

/// <summary>Takes a request's body in: bounded in size, time and depth.</summary>
internal static class RequestBody
{
    /// <summary>Bytes of a body, at most.</summary>
    public const int Largest = 1024 * 1024;

    /// <summary>A whole body must have come within this time, however steadily it trickles.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private const int Deepest = 32;

    /// <summary>Reads a JSON object, and tells everything that is wrong with it at once.</summary>
    public static async Task<T> ReadAsync<T>(HttpContext http, Func<ObjectReader, T> read)
    {
        RequireJson(http.Request);
        return Parse(await BytesAsync(http), read);
    }

    /// <summary>As <see cref="ReadAsync{T}"/>, for calls that need no body.</summary>
    public static async Task<T?> ReadOptionalAsync<T>(HttpContext http, Func<ObjectReader, T> read)
        where T : class
    {
        var bytes = await BytesAsync(http);
        if (bytes.IsEmpty)
        {
            return null;
        }

        RequireJson(http.Request);
        return Parse(bytes, read);
    }

    private static T Parse<T>(ReadOnlyMemory<byte> bytes, Func<ObjectReader, T> read)
    {
        using var document = Document(bytes);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw KnownProblems.Invalid("$", "the body must be one JSON object");
        }

        var problems = new List<FieldProblem>();
        var reader = new ObjectReader(document.RootElement, "", problems);
        var value = read(reader);
        reader.End();
        return problems.Count == 0 ? value : throw new ProblemException(KnownProblems.Invalid(problems));
    }

    private static JsonDocument Document(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Deepest });
        }
        catch (JsonException e)
        {
            throw KnownProblems.Invalid(
                "$", $"the body is not JSON of at most {Deepest} levels: it breaks off at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private static void RequireJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ProblemException(KnownProblems.OfStatus(StatusCodes.Status415UnsupportedMediaType));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext http)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            while (await http.Request.Body.ReadAsync(buffer.GetMemory(4096), either.Token) is var count and > 0)
            {
                buffer.Advance(count);
            }

            return buffer.WrittenMemory;
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            // What is still to come of this body is not waited for.
            http.Response.Headers.Connection = "close";
            throw new BadHttpRequestException("The body came too slowly.", StatusCodes.Status408RequestTimeout, e);
        }
    }
}
