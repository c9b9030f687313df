using Microsoft.AspNetCore.Http;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Which problem says what.</summary>
internal static class KnownProblems
{
    private const int RetrySoon = 2;

    public static Problem Invalid(IReadOnlyList<FieldProblem> errors) =>
        new(ProblemTypes.Invalid, "The request is not valid", StatusCodes.Status400BadRequest, $"{errors[0].Path}: {errors[0].Detail}")
        {
            Path = errors[0].Path,
            Errors = errors,
        };

    public static ProblemException Invalid(string path, string detail) => new(Invalid([new FieldProblem(path, detail)]));

    public static ProblemException NotFound(string kind, object id) =>
        new(new Problem(ProblemTypes.NotFound, "It does not exist", StatusCodes.Status404NotFound, $"There is no {kind} {id}."));

    public static Problem Stopping { get; } =
        new(ProblemTypes.Stopping, "The node is stopping", StatusCodes.Status503ServiceUnavailable,
            "This node is shutting down and accepts no new work. Try again with the same Idempotency-Key when it is back.")
        { RetryAfterSeconds = RetrySoon };

    public static Problem Of(Refusal refusal)
    {
        var (status, title) = refusal.Kind switch
        {
            RefusalKind.Invalid => (StatusCodes.Status400BadRequest, "The request is not valid"),
            RefusalKind.NotFound => (StatusCodes.Status404NotFound, "It does not exist"),
            RefusalKind.Conflict => (StatusCodes.Status409Conflict, "It does not fit the present state"),
            RefusalKind.Gone => (StatusCodes.Status410Gone, "It is no longer kept"),
            RefusalKind.KeyReused => (StatusCodes.Status422UnprocessableEntity, "The idempotency key was used for another request"),
            RefusalKind.Limit => (StatusCodes.Status429TooManyRequests, "A limit was reached"),
            RefusalKind.Unavailable => (StatusCodes.Status503ServiceUnavailable, "Not now"),
            _ => throw new InvalidOperationException($"The refusal kind {refusal.Kind} has no status."),
        };
        return new Problem(ProblemTypes.Of(refusal.Type), title, status, refusal.Detail)
        {
            Path = refusal.Path,
            Errors = refusal is { Kind: RefusalKind.Invalid, Path: { } path } ? [new FieldProblem(path, refusal.Detail)] : null,
            Limit = refusal.Limit,
            Value = refusal.LimitValue,
            Oldest = refusal.Kind == RefusalKind.Gone ? refusal.LimitValue : null,
            RetryAfterSeconds = refusal.Kind == RefusalKind.Unavailable ? RetrySoon : null,
        };
    }

    /// <summary>The problem that an exception stands for; null when it is a defect.</summary>
    public static Problem? Of(Exception exception) => exception switch
    {
        ProblemException e => e.Problem,
        RefusedException e => Of(e.Refusal),
        JournalUnavailableException e =>
            new Problem(ProblemTypes.JournalUnavailable, "The journal cannot be used now", StatusCodes.Status503ServiceUnavailable, e.Message)
            { RetryAfterSeconds = RetrySoon },
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } =>
            new Problem(ProblemTypes.Invalid, "The request is not valid", StatusCodes.Status400BadRequest, "The request is not well-formed HTTP."),
        BadHttpRequestException e => OfStatus(e.StatusCode),
        _ => null,
    };

    /// <summary>The problem for a status that was set without a body, by routing or the server.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound =>
            new Problem(ProblemTypes.UnknownRoute, "There is no such call", status, "GET /openapi/v1.json describes the calls that there are."),
        StatusCodes.Status405MethodNotAllowed =>
            new Problem(ProblemTypes.MethodNotAllowed, "The call has another method", status, "The header Allow names the methods of this path."),
        StatusCodes.Status408RequestTimeout =>
            new Problem(ProblemTypes.TooSlow, "The request came too slowly", status, "The body must arrive within the time that the server waits for it."),
        StatusCodes.Status413PayloadTooLarge =>
            new Problem(ProblemTypes.TooLarge, "The request is too large", status, $"A body may hold at most {RequestBody.Largest} bytes.")
            { Limit = "bodyBytes", Value = RequestBody.Largest },
        StatusCodes.Status415UnsupportedMediaType =>
            new Problem(ProblemTypes.UnsupportedMediaType, "The body must be JSON", status, "Send Content-Type: application/json."),
        _ => new Problem(ProblemTypes.Invalid, "The request is not valid", status),
    };

    public static Problem Internal(string trace) =>
        new(ProblemTypes.Internal, "Something went wrong in Rouse", StatusCodes.Status500InternalServerError,
            "This is a defect. The log of the node has an entry under the trace.")
        { Trace = trace };
}
