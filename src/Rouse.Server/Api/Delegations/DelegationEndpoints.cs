using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Delegations: do this with that agent, and wake me.</summary>
internal static class DelegationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/delegations", DelegateAsync).WithTags("Delegations")
            .Describe("delegate", "Delegate work", "Accepts work for an agent in the background. The reply comes after the task is durable and before any harness is "
                + "called; when the task is settled, the session `from` is woken with its outcome. The same Idempotency-Key with the same body is the same task.")
            .WithMetadata(new HeaderDeclaration(IdempotencyKey.Header, "Makes a repeated request the same task: 1 to 255 visible ASCII characters."))
            .Accepts<DelegationRequest>("application/json").Produces<DelegationReply>(StatusCodes.Status202Accepted)
            .Refuses(404, 409, 413, 415, 422, 429);

    private static async Task<IResult> DelegateAsync(HttpContext http, IBackgroundAgents agents, IHostApplicationLifetime lifetime)
    {
        new QueryReader(http).End();
        var key = IdempotencyKey.Of(http.Request);
        var request = await RequestBody.ReadAsync(http, DelegationReading.Request);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new ProblemException(KnownProblems.Stopping);
        }

        var delegated = await agents.DelegateAsync(request with { IdempotencyKey = key }, http.RequestAborted);
        http.Response.Headers.Location = $"/v1/tasks/{delegated.Task.Id}";
        return TypedResults.Json(
            new DelegationReply(delegated.Task, delegated.Message), ApiJson.Default.DelegationReply, statusCode: StatusCodes.Status202Accepted);
    }
}
