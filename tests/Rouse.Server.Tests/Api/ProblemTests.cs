using System.Net;
using System.Text;
using Rouse.Engine;

namespace Rouse.Server.Tests;

public sealed class ProblemTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(RefusalKind.Invalid, HttpStatusCode.BadRequest)]
    [InlineData(RefusalKind.NotFound, HttpStatusCode.NotFound)]
    [InlineData(RefusalKind.Conflict, HttpStatusCode.Conflict)]
    [InlineData(RefusalKind.Gone, HttpStatusCode.Gone)]
    [InlineData(RefusalKind.KeyReused, HttpStatusCode.UnprocessableEntity)]
    [InlineData(RefusalKind.Limit, HttpStatusCode.TooManyRequests)]
    [InlineData(RefusalKind.Unavailable, HttpStatusCode.ServiceUnavailable)]
    public async Task Every_kind_of_refusal_has_its_status_and_keeps_its_word(RefusalKind kind, HttpStatusCode status)
    {
        _host.Agents.Failure = new RefusedException(new Refusal(kind, "depth-limit", "Too deep.") { Path = "from", Limit = "depth", LimitValue = 3 });

        var problem = (await DelegateAsync()).MustBe(status, "urn:rouse:depth-limit");

        Assert.Equal("Too deep.", problem.GetProperty("detail").GetString());
        Assert.Equal("from", problem.GetProperty("path").GetString());
        Assert.Equal("depth", problem.GetProperty("limit").GetString());
        Assert.Equal(3, problem.GetProperty("value").GetInt64());
    }

    [Fact]
    public async Task A_journal_that_cannot_be_used_is_503_with_a_time_to_try_again()
    {
        _host.Agents.Failure = new JournalUnavailableException("The disk is full.");

        var reply = await DelegateAsync();

        Assert.Equal("The disk is full.", reply.MustBe(HttpStatusCode.ServiceUnavailable, "urn:rouse:journal-unavailable").GetProperty("detail").GetString());
        Assert.True(reply.Headers.ContainsKey("Retry-After"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _host.GetAsync("/health")).Status);
    }

    [Fact]
    public async Task A_defect_tells_a_trace_and_nothing_of_itself()
    {
        _host.Agents.Failure = new InvalidOperationException("a secret detail");

        var reply = await DelegateAsync();

        Assert.True(reply.MustBe(HttpStatusCode.InternalServerError, "urn:rouse:internal").TryGetProperty("trace", out _));
        Assert.DoesNotContain("secret", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "urn:rouse:unknown-route")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "urn:rouse:unknown-route")]
    [InlineData("GET", "/v1/tasks/task_k1_3/output/more", HttpStatusCode.NotFound, "urn:rouse:unknown-route")]
    [InlineData("DELETE", "/v1/tasks/task_k1_3", HttpStatusCode.MethodNotAllowed, "urn:rouse:method-not-allowed")]
    [InlineData("PUT", "/v1/sessions", HttpStatusCode.MethodNotAllowed, "urn:rouse:method-not-allowed")]
    public async Task What_there_is_no_call_for_is_a_problem_too(string method, string url, HttpStatusCode status, string type)
    {
        var reply = await _host.SendAsync(new HttpRequestMessage(new HttpMethod(method), url));

        reply.MustBe(status, type);
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, reply.Headers.ContainsKey("Allow"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task A_body_that_is_not_declared_as_JSON_is_415(string? type)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        (await _host.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/delegations") { Content = content }))
            .MustBe(HttpStatusCode.UnsupportedMediaType, "urn:rouse:unsupported-media-type");
        (await _host.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/tasks/task_k1_3/cancel") { Content = content }))
            .MustBe(HttpStatusCode.UnsupportedMediaType, "urn:rouse:unsupported-media-type");
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_is_413_with_the_limit()
    {
        await using var stream = await _host.ConnectAsync();
        await stream.WriteAsync(Head($"Content-Length: {1024 * 1024 + 1}\r\n"), TestContext.Current.CancellationToken);

        var reply = await ReadToEndAsync(stream);

        Assert.StartsWith("HTTP/1.1 413", reply, StringComparison.Ordinal);
        Assert.Contains("urn:rouse:too-large", reply, StringComparison.Ordinal);
        Assert.Contains("\"value\":1048576", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_408()
    {
        await using var stream = await _host.ConnectAsync();
        await stream.WriteAsync(Head("Content-Length: 100\r\n"), TestContext.Current.CancellationToken);
        await _host.Time.TimerOf(RequestBody.Deadline);
        _host.Time.Advance(RequestBody.Deadline);

        var reply = await ReadToEndAsync(stream);

        Assert.StartsWith("HTTP/1.1 408", reply, StringComparison.Ordinal);
        Assert.Contains("urn:rouse:too-slow", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delegation_that_arrives_while_the_node_stops_is_503()
    {
        await using var stream = await _host.ConnectAsync();
        var body = """{"from":"session_k1_1","agent":"a","prompt":"p"}"""u8.ToArray();
        await stream.WriteAsync(Head($"Connection: close\r\nContent-Length: {body.Length}\r\n"), TestContext.Current.CancellationToken);
        await _host.Time.TimerOf(RequestBody.Deadline);
        var stopped = _host.Server.StopAsync(TestContext.Current.CancellationToken);
        await stream.WriteAsync(body, TestContext.Current.CancellationToken);

        var reply = await ReadToEndAsync(stream);

        Assert.StartsWith("HTTP/1.1 503", reply, StringComparison.Ordinal);
        Assert.Contains("urn:rouse:stopping", reply, StringComparison.Ordinal);
        Assert.Empty(_host.Agents.Requests);
        await stopped;
    }

    private static async Task<string> ReadToEndAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private Task<ApiHost.Reply> DelegateAsync() => _host.PostAsync("/v1/delegations", """{"from":"session_k1_1","agent":"a","prompt":"p"}""");

    private byte[] Head(string headers) => Encoding.ASCII.GetBytes(
        $"POST /v1/delegations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {_host.Token}\r\nContent-Type: application/json\r\n{headers}\r\n");
}
