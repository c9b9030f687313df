using Microsoft.AspNetCore.Http;

namespace Rouse.Server;

/// <summary>Lets nobody past without the node's token, but to <c>/alive</c>.</summary>
internal sealed class TokenGuard(RequestDelegate next, AccessToken token)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext http)
    {
        var sent = http.Request.Headers.Authorization;
        if (http.Request.Path == HealthEndpoints.Alive
            || (sent is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && token.Matches(header[Scheme.Length..])))
        {
            return next(http);
        }

        http.Response.Headers.WWWAuthenticate = sent is [] ? "Bearer realm=\"rouse\"" : "Bearer realm=\"rouse\", error=\"invalid_token\"";
        return ProblemMiddleware.WriteAsync(http, new Problem(
            ProblemTypes.Unauthorized, "A token is needed", StatusCodes.Status401Unauthorized,
            "Send Authorization: Bearer with the content of the file 'token' in the node's data directory."));
    }
}
