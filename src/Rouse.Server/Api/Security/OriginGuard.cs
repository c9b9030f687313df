using Microsoft.AspNetCore.Http;

namespace Rouse.Server;

/// <summary>Refuses calls that a browser makes for a foreign web page. No page is allowed by CORS either.</summary>
internal sealed class OriginGuard(RequestDelegate next, RouseSettings settings)
{
    private readonly HashSet<string> _origins = new(settings.Access.Origins, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext http) =>
        http.Request.Headers.Origin is [] || IsAllowed(http.Request)
            ? next(http)
            : throw new ProblemException(new Problem(
                ProblemTypes.ForeignOrigin, "The call comes from a foreign web page", StatusCodes.Status403Forbidden,
                "Pages of other origins may not call this node. Origins are allowed by access.origins in the configuration.")
            { Path = "Origin" });

    private bool IsAllowed(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && (_origins.Contains(origin) || origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));
}
