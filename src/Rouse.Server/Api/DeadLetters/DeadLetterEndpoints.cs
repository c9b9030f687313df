using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Wakes that did not arrive, where people see them.</summary>
internal static class DeadLetterEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/dead-letters", ListAsync).WithTags("Wakes")
            .Describe("listDeadLetters", "List dead letters", "Wakes that could not be delivered, each with the reason and its receipt.", Paging.After, Paging.Limit)
            .Produces<Page<WakeView>>();

    private static async Task<IResult> ListAsync(HttpContext http, IBackgroundAgents agents)
    {
        var query = new QueryReader(http);
        var (after, most) = (Paging.Cursor(query), Paging.Size(query));
        query.End();
        return Answers.Ok(await agents.DeadLettersAsync(after, most, http.RequestAborted), ApiJson.Default.PageWakeView);
    }
}
