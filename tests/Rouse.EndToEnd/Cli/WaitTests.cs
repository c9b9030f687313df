namespace Rouse.EndToEnd.Cli;

/// <summary>API-6.</summary>
public sealed class WaitTests
{
    [Fact]
    public async Task It_ends_when_the_task_is_settled_and_its_wake_admitted()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1", Task("running"));
        await using var run = Start(node, "wait", "task_a_1");
        await AskedAsync(node, "GET /v1/events?crew=crew_a");

        node.Answer("GET /v1/tasks/task_a_1", Task("completed")).Answer("GET /v1/sessions/session_a_1/mailbox", Mailbox("sent", owed: true, "dispatched"));
        node.Happen(Happened(7));
        await AskedAsync(node, "GET /v1/sessions/session_a_1/mailbox");

        node.Answer("GET /v1/sessions/session_a_1/mailbox", Mailbox("sent", owed: true, "admitted"));
        node.Happen(Happened(8));

        var ended = (await run.EndAsync()).ShouldEndWith(0);
        Assert.Equal("task_a_1  completed  look\n", ended.Output);
    }

    [Fact]
    public async Task A_task_that_failed_ends_it_with_1()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1", Task("failed")).Answer("GET /v1/sessions/session_a_1/mailbox", Mailbox("consumed", owed: false, "consumed"));

        (await node.RunAsync("wait", "task_a_1")).ShouldEndWith(1);
    }

    [Fact]
    public async Task The_time_limit_ends_it_with_3_and_cancels_nothing()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1", Task("running"));

        var ended = (await node.RunAsync("wait", "task_a_1", "--timeout", "300ms")).ShouldEndWith(3);

        Assert.Matches("the time limit of 300ms is reached; .+ Nothing was cancelled", ended.Error);
        while (node.Asked.TryRead(out var asked))
        {
            Assert.StartsWith("GET ", asked.Call, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lost_connection_is_made_again_behind_the_last_event()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1", Task("running"));
        await using var run = Start(node, "wait", "task_a_1");
        await AskedAsync(node, "GET /v1/events?crew=crew_a");
        node.Happen(Happened(7));
        await AskedAsync(node, "GET /v1/tasks/task_a_1");
        node.Happen(null);

        var again = await AskedAsync(node, "GET /v1/events?crew=crew_a");
        node.Answer("GET /v1/tasks/task_a_1", Task("completed")).Answer("GET /v1/sessions/session_a_1/mailbox", """{"items":[],"next":null}""");
        node.Happen(Happened(8));

        (await run.EndAsync()).ShouldEndWith(0);
        Assert.Equal("7", again.LastEventId);
    }

    [Fact]
    public async Task All_that_a_session_is_owed_can_be_waited_for()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks?session=session_a_1&status=queued%2Cstarting%2Crunning%2Csettling", """{"items":[],"next":null}""")
            .Answer("GET /v1/sessions/session_a_1/mailbox", Mailbox("waiting", owed: true, "due"))
            .Answer("GET /v1/tasks/task_a_1", Task("completed"));
        await using var run = Start(node, "wait", "--session", "session_a_1", "--json");
        await AskedAsync(node, "GET /v1/tasks/task_a_1");

        node.Answer("GET /v1/sessions/session_a_1/mailbox", Mailbox("consumed", owed: false, "consumed"));
        node.Happen(Happened(7));

        var ended = (await run.EndAsync()).ShouldEndWith(0);
        Assert.Contains("\"id\":\"task_a_1\"", ended.Output, StringComparison.Ordinal);
    }

    private static RouseRun Start(StubNode node, params string[] arguments) => RouseRun.Start([.. arguments, "--url", node.Url, "--token", "the-token-of-this-test"]);

    private static async Task<Asked> AskedAsync(StubNode node, string call)
    {
        await foreach (var asked in node.Asked.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (asked.Call == call)
            {
                return asked;
            }
        }

        throw new InvalidOperationException("The stub has ended.");
    }

    private static string Happened(int position) =>
        $$$"""
        id: {{{position}}}
        event: task.settled
        data: {"position":{{{position}}},"crew":"crew_a","type":"task.settled","at":"2026-01-02T03:04:05Z","data":{}}


        """;

    private static string Task(string status) =>
        $$"""{"id":"task_a_1","status":"{{status}}","crew":"crew_a","from":"session_a_1","description":"look","agent":"explore","instance":"chat@main","wake":"all","priority":0,"run":1,"attempts":[],"createdAt":"2026-01-02T03:04:05Z"}""";

    private static string Mailbox(string state, bool owed, string phase) =>
        $$$"""
        {"items":[{"id":"notice_a_1","kind":"settled","state":"{{{state}}}","task":"task_a_1","run":1,"postedAt":"2026-01-02T03:04:05Z","owed":{{{(owed ? "true" : "false")}}},"wakes":true,
        "wake":{"id":"wake_a_1","session":"session_a_1","phase":"{{{phase}}}","epoch":1,"sends":1,"notices":["notice_a_1"],"receipt":[]}}],"next":null}
        """;
}
