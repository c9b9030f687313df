using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Everything that happens, in order.</summary>
internal static class EventEndpoints
{
    private const string LastEventId = "Last-Event-ID";
    private static readonly QueryParameter Session = new("session", "Only events about this session, and those of its wakes.");
    private static readonly QueryParameter Crew = new("crew", "Only events of this crew.");
    private static readonly QueryParameter Task = new("task", "Only events about this task.");
    private static readonly QueryParameter Type = new("type", "Only events of this type.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/events", StreamAsync).WithTags("Events")
            .Describe("streamEvents", "Follow events", "Server-sent events in the order of their commits, without gap or repetition: from now on, or after Last-Event-ID. "
                + "The `id` of an event is its position. A comment comes every 15 s when nothing else does.", Session, Crew, Task, Type)
            .WithMetadata(new HeaderDeclaration(LastEventId, "The position to go on behind; 0 for the first event that is kept."))
            .Produces<EventView>(StatusCodes.Status200OK, "text/event-stream").Refuses(410);

    private static async Task StreamAsync(HttpContext http, IBackgroundAgents agents, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        var query = new QueryReader(http);
        var filter = new EventFilter(
            query.Id<SessionId>(Session), query.Id<CrewId>(Crew), query.Id<TaskId>(Task), query.Text(Type, Bounds.Name), agents);
        query.End();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await new EventStream(http, filter, time).WriteAsync(agents.EventsAsync(After(http.Request), ends.Token), ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The reader has gone, or the node stops: it resumes by Last-Event-ID.
        }
    }

    private static long? After(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(LastEventId, out var values))
        {
            return null;
        }

        return values is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw KnownProblems.Invalid(LastEventId, "must be the id of an event, or 0");
    }
}
