using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Tasks: what was delegated, how it stands, and what it produced.</summary>
internal static class TaskEndpoints
{
    private static readonly QueryParameter Session = new("session", "Only tasks that this session delegated.");
    private static readonly QueryParameter Crew = new("crew", "Only tasks of this crew.");
    private static readonly QueryParameter Status = new("status", $"Only tasks in one of these statuses, separated by commas: {string.Join(", ", TaskStatuses.ByWord.Keys)}.");
    private static readonly QueryParameter Offset = new("offset", "Byte of the text to begin at; the character that holds it comes whole.", IsNumber: true);
    private static readonly QueryParameter Length = new("limit", "Bytes of the text at most; at least one character comes.", IsNumber: true);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/v1/tasks").WithTags("Tasks");
        tasks.MapGet("", ListAsync)
            .Describe("listTasks", "List tasks", "Oldest first. Prompts are not part of it.", Session, Crew, Status, Paging.After, Paging.Limit)
            .Produces<Page<TaskView>>();
        tasks.MapGet("/{id}", FindAsync)
            .Describe("getTask", "Get a task", "Its status, its attempts, its lane and its outcome.")
            .Produces<TaskView>().Refuses(404);
        tasks.MapGet("/{id}/output", OutputAsync)
            .Describe("getOutput", "Read a task's output", "The same text at every read; with `offset` and `limit` a part of it.", Offset, Length)
            .Produces<OutputReply>().Refuses(404);
        tasks.MapGet("/{id}/explain", ExplainAsync)
            .Describe("explainTask", "Explain a task", "Why it does or does not start or end, since when, how often tried, and when it is looked at next.")
            .Produces<ExplainView>().Refuses(404);
        tasks.MapPost("/{id}/cancel", CancelAsync)
            .Describe("cancelTask", "Cancel a task", "Cancels a task and everything under it. A settled task is left as it is, and the reply shows its status. The body is optional.")
            .Accepts<CancelBody>(isOptional: true, "application/json").Produces<Page<CancelledTask>>().Refuses(404, 413, 415);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IBackgroundAgents agents)
    {
        var query = new QueryReader(http);
        var tasks = new TaskQuery(
            query.Id<SessionId>(Session), query.Id<CrewId>(Crew), query.Choices(Status, TaskStatuses.ByWord), query.Id<TaskId>(Paging.After), Paging.Size(query));
        query.End();
        return Answers.Ok(await agents.TasksAsync(tasks, http.RequestAborted), ApiJson.Default.PageTaskView);
    }

    private static async Task<IResult> FindAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var task = Task(http, id);
        return Answers.Ok(await agents.FindTaskAsync(task, http.RequestAborted) ?? throw KnownProblems.NotFound("task", task), ApiJson.Default.TaskView);
    }

    private static async Task<IResult> OutputAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var query = new QueryReader(http);
        var offset = query.Integer(Offset, fallback: 0, least: 0, int.MaxValue);
        var length = query.Integer(Length, int.MaxValue, least: 1, int.MaxValue);
        query.End();
        var task = IdKinds.FromRoute<TaskId>(id);
        var output = await agents.OutputAsync(task, http.RequestAborted) ?? throw KnownProblems.NotFound("task", task);
        return Answers.Ok(OutputReply.Of(output, offset, length), ApiJson.Default.OutputReply);
    }

    private static async Task<IResult> ExplainAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var task = Task(http, id);
        return Answers.Ok(await agents.ExplainAsync(task, http.RequestAborted) ?? throw KnownProblems.NotFound("task", task), ApiJson.Default.ExplainView);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string id, IBackgroundAgents agents)
    {
        var task = Task(http, id);
        var body = await RequestBody.ReadOptionalAsync(http, CancelBody.Read);
        var reply = await agents.CancelAsync(task, body?.By, http.RequestAborted);
        return Answers.Ok(Answers.Whole(reply.Items), ApiJson.Default.PageCancelledTask);
    }

    private static TaskId Task(HttpContext http, string id)
    {
        new QueryReader(http).End();
        return IdKinds.FromRoute<TaskId>(id);
    }
}
