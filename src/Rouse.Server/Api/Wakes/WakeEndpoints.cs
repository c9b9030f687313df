using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Wakes and their receipts.</summary>
internal static class WakeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/wakes/{id}", FindAsync).WithTags("Wakes")
            .Describe("getWake", "Get a wake", "What it brings, where it stands, what holds it, and its receipt, oldest step first.")
            .Produces<WakeView>().Refuses(404);

    private static async Task<IResult> FindAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        new QueryReader(http).End();
        var wake = IdKinds.FromRoute<WakeId>(id);
        return Answers.Ok(await agents.FindWakeAsync(wake, http.RequestAborted) ?? throw KnownProblems.NotFound("wake", wake), ApiJson.Default.WakeView);
    }
}
