using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rouse.Engine;

namespace Rouse.Server.Tests;

/// <summary>The real server on a port of its own, with <see cref="FakeAgents"/> in the place of a node.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private RouseServer? _server;
    private HttpClient? _client;
    private int _streams;

    internal FakeAgents Agents { get; } = new();

    internal ManualTime Time { get; } = new();

    internal AccessSettings Access { get; init; } = new();

    internal RouseServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

    /// <summary>Brings the token.</summary>
    internal HttpClient Client => _client ?? throw new InvalidOperationException("The server has not started.");

    internal string Token => File.ReadAllText(Path.Combine(_data.Path, "token")).Trim();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = new RouseSettings { Data = _data.Path, Url = new ListenUrl("127.0.0.1", new IPEndPoint(IPAddress.Loopback, 0)), Access = Access };
        var options = new RouseServerOptions { Compose = s => s.AddSingleton<TimeProvider>(Time).AddSingleton<IBackgroundAgents>(Agents) };
        _server = await RouseServer.StartAsync(settings, options, Cancelled);
        _client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = _server.Url };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _data.Dispose();
    }

    internal Task<Reply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    internal Task<Reply> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") }, headers);

    internal async Task<Reply> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await Client.SendAsync(request, Cancelled);
        return await Reply.OfAsync(response);
    }

    /// <summary>Opens the event stream.</summary>
    /// <param name="hasEvents">Whether there are events to answer with at once.</param>
    internal async Task<StreamReader> EventsAsync(string query = "", long? after = null, bool hasEvents = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events" + query);
        if (after is { } position)
        {
            request.Headers.Add("Last-Event-ID", position.ToString());
        }

        var sent = Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);

        // Where nothing has happened yet the answer waits a moment for a refusal, and only the clock ends that.
        if (await Task.WhenAny(sent, Time.TimerOf(EventStream.RefusalWindow, ++_streams)) != sent && !hasEvents)
        {
            Time.Advance(EventStream.RefusalWindow);
        }

        var response = await sent;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));
    }

    /// <summary>A connection that says byte for byte what it is told to.</summary>
    internal async Task<NetworkStream> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Server.Url.Port, Cancelled);
        return client.GetStream();
    }

    internal sealed record Reply(HttpStatusCode Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

        public static async Task<Reply> OfAsync(HttpResponseMessage response) => new(
            response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled), response.Content.Headers.ContentType?.MediaType,
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));

        /// <summary>Fails with the whole answer when it is another problem.</summary>
        public JsonElement MustBe(HttpStatusCode status, string type)
        {
            Assert.True(Status == status, $"{(int)Status} instead of {(int)status}: {Body}");
            Assert.Equal("application/problem+json", ContentType);
            Assert.Equal(type, Json.GetProperty("type").GetString());
            Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
            Assert.False(string.IsNullOrEmpty(Json.GetProperty("title").GetString()));
            return Json;
        }
    }
}
