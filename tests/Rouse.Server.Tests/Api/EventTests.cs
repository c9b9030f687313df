using System.Net;

namespace Rouse.Server.Tests;

public sealed class EventTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Events_come_in_order_from_now_on()
    {
        Happen(1, "session-registered", """{"session":"session_k1_1"}""");
        using var reader = await _host.EventsAsync();
        Happen(2, "task-delegated", """{"task":"task_k1_3"}""");
        Happen(3, "attempt-started", """{"task":"task_k1_3","attempt":1}""");

        var first = await NextAsync(reader);
        var second = await NextAsync(reader);

        Assert.Equal(("2", "task-delegated"), (first.Id, first.Type));
        JsonShape.Equal(
            """{"position":2,"crew":"crew_k1","type":"task-delegated","at":"2026-01-02T03:04:05.678Z","data":{"task":"task_k1_3"}}""", first.Data);
        Assert.Equal("3", second.Id);
    }

    [Fact]
    public async Task A_reader_that_comes_back_misses_and_repeats_nothing()
    {
        Happen(1, "a", "{}");
        Happen(2, "b", "{}");
        string? last;
        using (var reader = await _host.EventsAsync(after: 0, hasEvents: true))
        {
            Assert.Equal("1", (await NextAsync(reader)).Id);
            last = (await NextAsync(reader)).Id;
        }

        Happen(3, "c", "{}");
        using var again = await _host.EventsAsync(after: long.Parse(last!), hasEvents: true);

        Assert.Equal("3", (await NextAsync(again)).Id);
    }

    [Fact]
    public async Task A_position_that_is_no_longer_kept_is_410_with_the_oldest_one()
    {
        _host.Agents.Forgotten = 40;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");

        var problem = (await _host.SendAsync(request, ("Last-Event-ID", "7"))).MustBe(HttpStatusCode.Gone, "urn:rouse:events-forgotten");

        Assert.Equal(41, problem.GetProperty("oldest").GetInt64());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task A_wrong_position_is_refused(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");

        var problem = (await _host.SendAsync(request, ("Last-Event-ID", id))).MustBe(HttpStatusCode.BadRequest, "urn:rouse:invalid");

        Assert.Equal("Last-Event-ID", problem.GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("?task=task_k1_3", "2,4")]
    [InlineData("?session=session_k1_1", "1,2,3")]
    [InlineData("?session=session_k1_2", "4")]
    [InlineData("?type=task-delegated", "2")]
    [InlineData("?crew=crew_k1", "1,2,3,4,5")]
    [InlineData("?crew=crew_other", "")]
    public async Task A_filter_leaves_out_what_is_not_asked_for(string query, string expected)
    {
        Happen(1, "session-registered", """{"session":"session_k1_1","parent":null}""");
        Happen(2, "task-delegated", """{"task":"task_k1_3","spec":{"from":"session_k1_1"}}""");
        Happen(3, "wake-leased", """{"wake":"wake_k1_5","epoch":1}""");
        Happen(4, "child-created", """{"task":"task_k1_3","session":"session_k1_2"}""");
        Happen(5, "wake-leased", """{"wake":"wake_k1_9","epoch":1}""");
        using var reader = await _host.EventsAsync(query, after: 0, hasEvents: true);
        var ids = new List<string?>();
        await _host.Time.TimerOf(EventStream.KeepAlive);
        _host.Time.Advance(EventStream.KeepAlive);
        while (await BlockAsync(reader) is var block && !block.Contains(": keep-alive"))
        {
            ids.Add(block.Find(l => l.StartsWith("id: ", StringComparison.Ordinal))?[4..]);
        }

        Assert.Equal(expected, string.Join(',', ids.OfType<string>()));
    }

    [Fact]
    public async Task A_sign_of_life_comes_when_nothing_else_does_and_moves_the_reader_on()
    {
        using var reader = await _host.EventsAsync("?type=never", after: 0);
        await _host.Time.TimerOf(EventStream.KeepAlive);
        _host.Time.Advance(EventStream.KeepAlive);
        Assert.Equal([": keep-alive"], await SignAsync(reader));

        await _host.Time.TimerOf(EventStream.KeepAlive, times: 2);
        Happen(1, "other", "{}");
        await _host.Time.TimerOf(EventStream.KeepAlive, times: 3);
        _host.Time.Advance(EventStream.KeepAlive);

        Assert.Equal([": keep-alive", "id: 1"], await SignAsync(reader));
    }

    [Fact]
    public async Task A_stop_ends_the_stream()
    {
        using var reader = await _host.EventsAsync();
        await _host.Server.StopAsync(Cancelled);

        Assert.DoesNotContain("data:", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    private static async Task<List<string>> BlockAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.Length == 0)
            {
                return lines;
            }

            lines.Add(line);
        }

        throw new EndOfStreamException($"The stream ended after: {string.Join(" | ", lines)}");
    }

    private static async Task<List<string>> SignAsync(StreamReader reader)
    {
        List<string> block;
        do
        {
            block = await BlockAsync(reader);
        }
        while (!block.Contains(": keep-alive"));

        return block;
    }

    private static async Task<(string? Id, string? Type, string Data)> NextAsync(StreamReader reader)
    {
        List<string> block;
        do
        {
            block = await BlockAsync(reader);
        }
        while (!block.Exists(l => l.StartsWith("data: ", StringComparison.Ordinal)));

        return (Field(block, "id: "), Field(block, "event: "), Field(block, "data: ")!);
    }

    private static string? Field(List<string> block, string name) => block.Find(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private void Happen(long position, string type, string data) => _host.Agents.Happen(Given.Event(position, type, data));
}
