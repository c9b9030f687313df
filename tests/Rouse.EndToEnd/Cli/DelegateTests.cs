using System.Text.Json;

namespace Rouse.EndToEnd.Cli;

/// <summary>What <c>rouse delegate</c> asks for.</summary>
public sealed class DelegateTests
{
    private const string Accepted =
        """{"task":{"id":"task_a_1","status":"queued","crew":"crew_a","from":"session_a_1","agent":"explore","instance":"chat@main","wake":"each","priority":-5,"lane":{"names":["default"],"place":2},"run":1,"attempts":[],"createdAt":"2026-01-02T03:04:05Z"},"message":"You will be woken."}""";

    [Fact]
    public async Task Every_option_reaches_the_request()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("POST /v1/delegations", Accepted, 202);

        var ended = await node.RunAsync(
            "delegate", "@not-a-file", "--from", "session_a_1", "--agent", "explore", "--on", "opencode@main", "--description", "a title",
            "--model", "p/m", "--fallback", "p/n,p/o", "--fallback", "q/m", "--group", "g", "--wake", "each", "--priority", "-5", "--directory", "/w", "--deadline", "1h30m",
            "--key", "k1");

        Assert.Equal("task_a_1  queued, place 2 on lane default\n", ended.ShouldEndWith(0).Output);
        Assert.Contains("You will be woken.", ended.Error, StringComparison.Ordinal);
        Assert.True(node.Asked.TryRead(out var asked));
        Assert.Equal("k1", asked.Key);
        using var body = JsonDocument.Parse(asked.Body);
        using var expected = JsonDocument.Parse(
            """
            {"from":"session_a_1","agent":"explore","prompt":"@not-a-file","description":"a title","instance":"opencode@main","model":"p/m","fallbacks":["p/n","p/o","q/m"],
             "group":"g","wake":"each","priority":-5,"directory":"/w","limits":{"deadline":"1h30m"}}
            """);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, body.RootElement), asked.Body);
    }

    [Fact]
    public async Task What_is_not_said_is_left_to_the_server_and_a_key_is_always_sent()
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("POST /v1/delegations", Accepted, 202);

        var ended = await RouseRun.OfAsync(["delegate", "-", "--from", "session_a_1", "--agent", "explore", "--url", node.Url, "--json"], input: "from\nthe input");

        Assert.Equal(Accepted, ended.ShouldEndWith(0).Output.TrimEnd('\n'));
        Assert.True(node.Asked.TryRead(out var asked));
        Assert.NotEmpty(asked.Key);
        using var body = JsonDocument.Parse(asked.Body);
        using var expected = JsonDocument.Parse("""{"from":"session_a_1","agent":"explore","prompt":"from\nthe input"}""");
        Assert.True(JsonElement.DeepEquals(expected.RootElement, body.RootElement), asked.Body);
    }

    [Theory]
    [InlineData("--from", "chat@main/abc/d")]
    [InlineData("--instance", "chat@main", "--session-id", "abc/d")]
    public async Task A_session_named_by_its_address_is_made_known_first(params string[] from)
    {
        await using var node = await StubNode.StartAsync();
        node.Answer("POST /v1/sessions", """{"id":"session_a_1","crew":"crew_a","address":{"instance":"chat@main","id":"abc/d"},"depth":0,"registeredAt":"2026-01-02T03:04:05Z"}""", 201);
        node.Answer("POST /v1/delegations", Accepted, 202);

        (await node.RunAsync(["delegate", "do", "--agent", "explore", .. from])).ShouldEndWith(0);

        Assert.True(node.Asked.TryRead(out var registered));
        Assert.Equal("""{"address":{"instance":"chat@main","id":"abc/d"}}""", registered.Body);
        Assert.True(node.Asked.TryRead(out var delegated));
        Assert.Contains("\"from\":\"session_a_1\"", delegated.Body, StringComparison.Ordinal);
    }
}
