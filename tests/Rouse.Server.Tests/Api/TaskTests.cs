using System.Net;
using System.Text;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server.Tests;

public sealed class TaskTests(ApiHost host) : IClassFixture<ApiHost>
{
    internal const string Task =
        """
        {"id":"task_k1_3","status":"failed","crew":"crew_k1","from":"session_k1_1","description":"read the parser","agent":"reviewer",
        "model":"anthropic/claude-opus-5","instance":"chat@main","group":null,"wake":"all","priority":0,"directory":"/work",
        "lane":{"names":["anthropic"],"place":null},"run":1,
        "attempts":[{"number":1,"model":"anthropic/claude-opus-5","session":{"instance":"chat@main","id":"ses_child"},"status":"ended",
        "error":{"class":"provider","reason":"quota","message":"No quota is left."}}],
        "createdAt":"2026-01-02T03:04:05.678Z","settledAt":"2026-01-02T03:05:05.678Z","deadline":null,
        "outcome":{"status":"failed","reason":"quota","error":{"class":"provider","reason":"quota","message":"No quota is left."},
        "usage":{"inputTokens":10,"outputTokens":20,"cost":0.5},"partial":true,"truncated":false}}
        """;

    [Fact]
    public async Task A_task_has_the_documented_shape() => JsonShape.Equal(Task, (await host.GetAsync("/v1/tasks/task_k1_3")).Body);

    [Fact]
    public async Task Tasks_are_listed_by_session_crew_and_status()
    {
        var reply = await host.GetAsync("/v1/tasks?session=session_k1_1&crew=crew_k1&status=queued,lost&after=task_k1_3&limit=10");

        JsonShape.Equal($$"""{"items":[{{Task}}],"next":null}""", reply.Body);
        var query = host.Agents.Requests.OfType<TaskQuery>().Last();
        Assert.Equal(Given.Root, query.Session);
        Assert.Equal(Given.Crew, query.Crew);
        Assert.Equal([AgentTaskStatus.Queued, AgentTaskStatus.Lost], query.Statuses!);
        Assert.Equal(Given.Task, query.After);
        Assert.Equal(10, query.Most);
    }

    [Fact]
    public async Task Output_is_read_whole_and_again()
    {
        host.Agents.Output = "a\u00e9\u4e2d\ud83d\ude00z";
        const string whole = """{"text":"a\u00e9\u4e2d\ud83d\ude00z","partial":false,"truncated":false,"size":11,"offset":0,"next":null}""";

        JsonShape.Equal(whole, (await host.GetAsync("/v1/tasks/task_k1_3/output")).Body);
        JsonShape.Equal(whole, (await host.GetAsync("/v1/tasks/task_k1_3/output")).Body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Output_is_read_in_parts_that_never_break_a_character(int limit)
    {
        host.Agents.Output = "a\u00e9\u4e2d\ud83d\ude00z";
        var text = new StringBuilder();
        int? offset = 0;
        while (offset is { } from)
        {
            var part = (await host.GetAsync($"/v1/tasks/task_k1_3/output?offset={from}&limit={limit}")).Json;
            Assert.Equal(from, part.GetProperty("offset").GetInt32());
            text.Append(part.GetProperty("text").GetString());
            offset = part.GetProperty("next").ValueKind == System.Text.Json.JsonValueKind.Null ? null : part.GetProperty("next").GetInt32();
        }

        Assert.Equal(host.Agents.Output, text.ToString());
    }

    [Fact]
    public async Task An_offset_within_a_character_or_behind_the_end_is_answered()
    {
        host.Agents.Output = "a\u00e9\u4e2d\ud83d\ude00z";

        JsonShape.Equal(
            """{"text":"\u4e2d\ud83d\ude00z","partial":false,"truncated":false,"size":11,"offset":3,"next":null}""",
            (await host.GetAsync("/v1/tasks/task_k1_3/output?offset=4")).Body);
        JsonShape.Equal(
            """{"text":"","partial":false,"truncated":false,"size":11,"offset":11,"next":null}""",
            (await host.GetAsync("/v1/tasks/task_k1_3/output?offset=5000")).Body);
    }

    [Fact]
    public async Task A_task_is_cancelled_without_and_with_a_body()
    {
        var bare = await host.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/tasks/task_k1_3/cancel"));
        var by = await host.PostAsync("/v1/tasks/task_k1_3/cancel", """{"by":"session_k1_1"}""");

        JsonShape.Equal("""{"items":[{"id":"task_k1_3","before":"running","status":"cancelled"}],"next":null}""", bare.Body);
        Assert.Equal(bare.Body, by.Body);
        Assert.Equal([(Given.Task, null), (Given.Task, Given.Root)], host.Agents.Requests.OfType<(TaskId, SessionId?)>());
    }

    [Fact]
    public async Task A_task_explains_itself() => Assert.Equal("It waits for its lane.", (await host.GetAsync("/v1/tasks/task_k1_3/explain")).Json.GetProperty("state").GetString());

    [Theory]
    [InlineData("/v1/tasks/task_k1_9")]
    [InlineData("/v1/tasks/task_k1_9/output")]
    [InlineData("/v1/tasks/task_k1_9/explain")]
    public async Task What_is_not_known_is_not_found(string url) => (await host.GetAsync(url)).MustBe(HttpStatusCode.NotFound, "urn:rouse:not-found");
}
