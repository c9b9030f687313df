using System.Text.Json;

namespace Rouse.EndToEnd.Cli;

/// <summary>What is printed, for people and for programs.</summary>
public sealed class OutputTests
{
    private const string Task =
        """{"id":"task_a_1","status":"completed","crew":"crew_a","from":"session_a_1","description":"\u001b]0;owned\u0007look\u202e at this","agent":"explore","model":null,"instance":"chat@main","group":null,"wake":"all","priority":0,"directory":null,"lane":null,"run":1,"attempts":[],"createdAt":"2026-01-02T03:04:05Z","settledAt":"2026-01-02T03:04:15Z","deadline":null,"outcome":null,"later":"a field of a newer version"}""";

    [Fact]
    public async Task Json_is_what_the_api_said()
    {
        await using var node = await StubNode.StartAsync();
        var page = $$"""{"items":[{{Task}}],"next":"task_a_1"}""";
        node.Answer("GET /v1/tasks?session=session_a_1&status=queued%2Crunning&limit=5", page);

        var ended = await node.RunAsync("tasks", "--session", "session_a_1", "--status", "queued,running", "--limit", "5", "--json");

        Assert.Equal(page, ended.ShouldEndWith(0).Output.TrimEnd('\n'));
        Assert.True(node.Asked.TryRead(out var asked));
        Assert.Equal("Bearer the-token-of-this-test", asked.Authorization);
    }

    [Fact]
    public async Task Redirected_output_has_no_colours_and_no_padding()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks", $$"""{"items":[{{Task}}],"next":null}""");

        var ended = (await node.RunAsync("tasks")).ShouldEndWith(0);

        Assert.DoesNotContain('\e', ended.Output);
        var lines = ended.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches("^TASK +STATUS +AGENT +ON +AGE +TITLE$", lines[0]);
        Assert.Matches("^task_a_1 +completed +explore +chat@main +[0-9a-z.]+ +look at this$", lines[1]);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task A_terminal_gets_colours_unless_NO_COLOR_is_set(string noColor, bool coloured)
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks", $$"""{"items":[{{Task}}],"next":null}""");

        var ended = await RouseRun.OnTerminalAsync(
            $"tasks --url {node.Url} --token the-token-of-this-test",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["TERM"] = "xterm-256color", ["NO_COLOR"] = noColor });

        Assert.Contains("look at this", ended.ShouldEndWith(0).Output, StringComparison.Ordinal);
        Assert.Equal(coloured, System.Text.RegularExpressions.Regex.IsMatch(ended.Output, "\e\\[[0-9;]*m", default, TimeSpan.FromSeconds(1)));
    }

    /// <summary>SEC-6.</summary>
    [Fact]
    public async Task Text_of_agents_cannot_act_on_the_terminal()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1/output",
            """{"text":"one\u001b[2J\u001b[31mtwo\r\nth\u009b5nree\u0007 \u202etfel\u202c [bold]x[/]","partial":false,"truncated":false,"size":1,"offset":0,"next":null}""");

        var ended = (await node.RunAsync("output", "task_a_1")).ShouldEndWith(0);

        Assert.Equal("onetwo\nthree tfel [bold]x[/]\n", ended.Output);
    }

    [Fact]
    public async Task Json_of_agents_cannot_act_on_the_terminal_either()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1/output", "{\"text\":\"a\u009b31m\u202eb\",\"partial\":false,\"truncated\":false,\"size\":1}");

        var ended = (await node.RunAsync("output", "task_a_1", "--json")).ShouldEndWith(0);

        Assert.Equal("""{"text":"a\u009b31m\u202eb","partial":false,"truncated":false,"size":1}""", ended.Output.TrimEnd('\n'));
        Assert.Equal("a\u009b31m\u202eb", JsonDocument.Parse(ended.Output).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Raw_output_is_what_was_stored()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1/output", """{"text":"a\u001b[31mb","partial":true,"truncated":false,"size":1}""");

        var ended = (await node.RunAsync("output", "task_a_1", "--raw")).ShouldEndWith(0);

        Assert.Equal("a\e[31mb", ended.Output);
        Assert.Contains("partial", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_is_shown_with_a_title_that_is_harmless()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/tasks/task_a_1", Task);

        var ended = (await node.RunAsync("show", "task_a_1")).ShouldEndWith(0);

        Assert.Contains("task     task_a_1  completed", ended.Output, StringComparison.Ordinal);
        Assert.Contains("title    look at this", ended.Output, StringComparison.Ordinal);
        Assert.Contains("after 10s", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, 2)]
    [InlineData(401, 2)]
    [InlineData(404, 1)]
    [InlineData(409, 1)]
    [InlineData(422, 1)]
    [InlineData(429, 1)]
    [InlineData(503, 1)]
    public async Task A_refusal_is_told_with_its_path_and_limit(int status, int code)
    {
        await using var node = await StubNode.StartAsync();
        var problem = $$"""{"type":"urn:rouse:some-limit","title":"No","status":{{status}},"detail":"too deep\u001b[31m","path":"from","limit":"depth","value":3}""";
        node.Answer("POST /v1/delegations", problem, status);
        string[] delegation = ["delegate", "do it", "--agent", "explore", "--from", "session_a_1"];

        var told = (await node.RunAsync(delegation)).ShouldEndWith(code);
        var json = (await node.RunAsync([.. delegation, "--json"])).ShouldEndWith(code);

        Assert.Contains("rouse: from: too deep (limit depth: 3)", told.Error, StringComparison.Ordinal);
        Assert.Equal(problem, json.Error.TrimEnd('\n'));
        Assert.Empty(json.Output);
    }

    [Fact]
    public async Task What_is_no_api_at_all_counts_as_not_reached()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("GET /v1/sessions", "<html>hello</html>");

        Assert.Contains("does not speak Rouse's API", (await node.RunAsync("sessions")).ShouldEndWith(4).Error, StringComparison.Ordinal);
    }
}
