using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Sessions: who delegates and who is woken.</summary>
internal static class SessionEndpoints
{
    private static readonly QueryParameter Instance = new("instance", "With `id`: only the session at this address.");
    private static readonly QueryParameter Id = new("id", "With `instance`: the harness's own id of the session.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/v1/sessions").WithTags("Sessions");
        sessions.MapPost("", RegisterAsync)
            .Describe("registerSession", "Register a session", "Makes a session known. The same address twice is the same session; with another parent it is refused.")
            .Accepts<SessionRequest>("application/json")
            .Produces<SessionView>(StatusCodes.Status201Created).Produces<SessionView>()
            .Refuses(404, 409, 413, 415);
        sessions.MapGet("", ListAsync)
            .Describe("listSessions", "List sessions", "In the order of their ids.", Instance, Id, Paging.After, Paging.Limit)
            .Produces<Page<SessionView>>();
        sessions.MapGet("/{id}", FindAsync)
            .Describe("getSession", "Get a session", "Where it lives, its crew, its parent, and the task that runs in it.")
            .Produces<SessionView>().Refuses(404);
        sessions.MapGet("/{id}/mailbox", MailboxAsync)
            .Describe("getMailbox", "Read a mailbox", "The session's notices in order, each with the wake that brings it and that wake's receipt. Reading changes nothing.")
            .Produces<Page<NoticeView>>().Refuses(404);
        sessions.MapGet("/{id}/explain", ExplainAsync)
            .Describe("explainSession", "Explain a session", "Why it is or is not being woken, since when, how often tried, and when it is looked at next.")
            .Produces<ExplainView>().Refuses(404);
        sessions.MapPost("/{id}/cancel", CancelAsync)
            .Describe("cancelSession", "Cancel all under a session", "Cancels every open task that the session delegated, and everything under them. The body is optional.")
            .Accepts<CancelBody>(isOptional: true, "application/json").Produces<Page<CancelledTask>>().Refuses(404, 413, 415);
        sessions.MapPost("/{id}/acknowledgements", AcknowledgeAsync)
            .Describe("acknowledge", "Acknowledge notices", "Says that the session has read notices of its mailbox: they are owed no longer.")
            .Accepts<AcknowledgementBody>("application/json").Produces(StatusCodes.Status204NoContent).Refuses(404, 409, 413, 415);
    }

    private static async Task<IResult> RegisterAsync(HttpContext http, IBackgroundAgents agents)
    {
        new QueryReader(http).End();
        var request = await RequestBody.ReadAsync(http, SessionReading.Request);
        var registered = await agents.RegisterAsync(request, http.RequestAborted);
        if (!registered.Created)
        {
            return Answers.Ok(registered.Session, ApiJson.Default.SessionView);
        }

        http.Response.Headers.Location = $"/v1/sessions/{registered.Session.Id}";
        return TypedResults.Json(registered.Session, ApiJson.Default.SessionView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IBackgroundAgents agents)
    {
        var query = new QueryReader(http);
        var (instance, id) = (query.Text(Instance, Bounds.Name), query.Text(Id, Bounds.SessionId));
        if (query.Has(Instance) != query.Has(Id))
        {
            query.Problem(query.Has(Instance) ? Id : Instance, "is missing: an address is both 'instance' and 'id'");
        }

        var (after, most) = (Paging.Cursor(query), Paging.Size(query));
        query.End();
        if (instance is null || id is null)
        {
            return Answers.Ok(await agents.SessionsAsync(after, most, http.RequestAborted), ApiJson.Default.PageSessionView);
        }

        var found = await agents.FindSessionAsync(new Address(instance, id), http.RequestAborted);
        return Answers.Ok(Answers.Whole<SessionView>(found is null ? [] : [found]), ApiJson.Default.PageSessionView);
    }

    private static async Task<IResult> FindAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var session = Session(http, id);
        return Answers.Ok(
            await agents.FindSessionAsync(session, http.RequestAborted) ?? throw KnownProblems.NotFound("session", session), ApiJson.Default.SessionView);
    }

    private static async Task<IResult> MailboxAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var session = Session(http, id);
        var notices = await agents.MailboxAsync(session, http.RequestAborted) ?? throw KnownProblems.NotFound("session", session);
        return Answers.Ok(Answers.Whole(notices), ApiJson.Default.PageNoticeView);
    }

    private static async Task<IResult> ExplainAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var session = Session(http, id);
        return Answers.Ok(
            await agents.ExplainAsync(session, http.RequestAborted) ?? throw KnownProblems.NotFound("session", session), ApiJson.Default.ExplainView);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var session = Session(http, id);
        var body = await RequestBody.ReadOptionalAsync(http, CancelBody.Read);
        var reply = await agents.CancelAllAsync(session, body?.By, http.RequestAborted);
        return Answers.Ok(Answers.Whole(reply.Items), ApiJson.Default.PageCancelledTask);
    }

    private static async Task<IResult> AcknowledgeAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var session = Session(http, id);
        var body = await RequestBody.ReadAsync(http, AcknowledgementBody.Read);
        await agents.AcknowledgeAsync(session, body.Notices, http.RequestAborted);
        return TypedResults.NoContent();
    }

    private static SessionId Session(HttpContext http, string id)
    {
        new QueryReader(http).End();
        return IdKinds.FromRoute<SessionId>(id);
    }
}
