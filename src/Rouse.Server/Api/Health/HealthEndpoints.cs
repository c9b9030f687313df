using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Whether the node runs, and whether it can accept work.</summary>
internal static class HealthEndpoints
{
    public const string Alive = "/alive";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Alive, () => Answers.Ok(new AliveReply("alive"), ApiJson.Default.AliveReply)).WithTags("Health")
            .Describe("alive", "Liveness", "Answers while the process runs. Needs no token.")
            .Produces<AliveReply>();
        routes.MapGet("/health", HealthAsync).WithTags("Health")
            .Describe("health", "Readiness", "200 when work can be accepted: the journal can be used. An instance that is down does not change that: its work waits.")
            .Produces<HealthReply>().Produces<HealthReply>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> HealthAsync(HttpContext http, IBackgroundAgents agents, IHostApplicationLifetime lifetime)
    {
        new QueryReader(http).End();
        var journal = await JournalAsync(agents, http.RequestAborted);
        var status = lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : journal.Up ? "ready" : "not-ready";
        return TypedResults.Json(
            new HealthReply(status, journal, [.. agents.Instances.Select(InstanceHealth.Of)]), ApiJson.Default.HealthReply,
            statusCode: status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<JournalHealth> JournalAsync(IBackgroundAgents agents, CancellationToken cancellationToken)
    {
        try
        {
            await agents.SessionsAsync(after: null, most: 1, cancellationToken);
            return new JournalHealth(Up: true, Reason: null);
        }
        catch (JournalUnavailableException e)
        {
            return new JournalHealth(Up: false, e.Message);
        }
    }
}
