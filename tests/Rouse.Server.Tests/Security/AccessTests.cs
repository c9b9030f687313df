using System.Net;
using System.Net.Http.Headers;

namespace Rouse.Server.Tests;

public sealed class AccessTests : IAsyncLifetime
{
    private readonly ApiHost _host = new() { Access = new AccessSettings { Hosts = ["rouse.example.org"], Origins = ["https://board.example.org"] } };

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/v1/sessions")]
    [InlineData("GET", "/v1/events")]
    [InlineData("POST", "/v1/delegations")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("DELETE", "/v1/sessions")]
    [InlineData("GET", "/alive/../health")]
    [InlineData("GET", "/alive/")]
    public async Task Every_call_needs_the_token(string method, string url)
    {
        using var stranger = new HttpClient { BaseAddress = _host.Server.Url };
        foreach (var authorization in new[] { null, "Bearer", "Bearer ", "Bearer wrong", $"Basic {_host.Token}", _host.Token, $"Bearer {_host.Token}x", $"Bearer {_host.Token[..^1]}" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), url);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
            var reply = await ApiHost.Reply.OfAsync(response);
            reply.MustBe(HttpStatusCode.Unauthorized, "urn:rouse:unauthorized");
            Assert.StartsWith("Bearer", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Alive_needs_no_token()
    {
        using var stranger = new HttpClient { BaseAddress = _host.Server.Url };

        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/alive", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.0.0.1")]
    public async Task A_foreign_host_is_refused(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/alive");
        request.Headers.Host = name;

        (await _host.SendAsync(request)).MustBe(HttpStatusCode.Forbidden, "urn:rouse:foreign-host");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:99")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:7410")]
    [InlineData("rouse.example.org")]
    public async Task Names_of_this_node_are_served(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sessions");
        request.Headers.Host = name;

        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost:3000")]
    [InlineData("null")]
    [InlineData("https://board.example.org.evil.example")]
    public async Task A_foreign_origin_is_refused_and_allowed_by_no_header(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sessions");

        var reply = await _host.SendAsync(request, ("Origin", origin));

        reply.MustBe(HttpStatusCode.Forbidden, "urn:rouse:foreign-origin");
        Assert.DoesNotContain(reply.Headers.Keys, k => k.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_own_origin_and_allowed_ones_are_served()
    {
        foreach (var origin in new[] { _host.Server.Url.GetLeftPart(UriPartial.Authority), "https://board.example.org" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sessions");
            Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(request, ("Origin", origin))).Status);
        }
    }

    [Fact]
    public async Task No_preflight_is_granted()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/delegations");
        var reply = await _host.SendAsync(request, ("Origin", "https://board.example.org"), ("Access-Control-Request-Method", "POST"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, reply.Status);
        Assert.DoesNotContain(reply.Headers.Keys, k => k.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/v1/sessions")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/tasks/x")]
    public async Task Every_answer_is_kept_by_nobody_and_taken_for_what_it_is(string url)
    {
        var reply = await _host.GetAsync(url);

        Assert.Equal("no-store", reply.Headers["Cache-Control"]);
        Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
        Assert.False(reply.Headers.ContainsKey("Server"));
    }

    [Fact]
    public async Task The_scheme_of_the_token_is_not_told_by_case()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sessions");
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", _host.Token);

        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(request)).Status);
    }
}
