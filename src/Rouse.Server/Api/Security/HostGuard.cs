using Microsoft.AspNetCore.Http;

namespace Rouse.Server;

/// <summary>
/// Refuses calls that name another host. A web page whose name was made to point at this machine would otherwise be taken for local.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, RouseSettings settings)
{
    private readonly HashSet<string> _hosts =
        new(["localhost", "127.0.0.1", "[::1]", settings.Url.Host, .. settings.Access.Hosts], StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext http) =>
        _hosts.Contains(http.Request.Host.Host)
            ? next(http)
            : throw new ProblemException(new Problem(
                ProblemTypes.ForeignHost, "The call names a foreign host", StatusCodes.Status403Forbidden,
                "The header Host must name this node. Further names are set by access.hosts in the configuration.")
            { Path = "Host" });
}
