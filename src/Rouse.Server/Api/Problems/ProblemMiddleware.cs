using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rouse.Server;

/// <summary>Turns whatever a request ends with, other than success, into problem details.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody reads an answer.
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await WriteAsync(http, KnownProblems.Of(e) ?? Defect(http, e));
            return;
        }

        if (!http.Response.HasStarted && http.Response.StatusCode >= 400 && http.Response.ContentType is null)
        {
            await WriteAsync(http, KnownProblems.OfStatus(http.Response.StatusCode));
        }
    }

    public static Task WriteAsync(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString();
        }

        return http.Response.WriteAsJsonAsync(problem, ApiJson.Default.Problem, "application/problem+json", http.RequestAborted);
    }

    private Problem Defect(HttpContext http, Exception e)
    {
        LogDefect(e, http.Request.Method, http.Request.Path, http.TraceIdentifier);
        return KnownProblems.Internal(http.TraceIdentifier);
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} ended with a defect (trace {Trace})")]
    private partial void LogDefect(Exception exception, string method, string path, string trace);
}
