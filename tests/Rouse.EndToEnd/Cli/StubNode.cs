using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rouse.EndToEnd.Cli;

/// <summary>Answers like a node's API with what a test puts there, so that the program is tested without one.</summary>
internal sealed class StubNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (int Status, string Json)> _answers = new(StringComparer.Ordinal);
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    private StubNode(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Every call but the event stream, in order.</summary>
    public ChannelReader<Asked> Asked => _asked.Reader;

    public static async Task<StubNode> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var node = new StubNode(app);
        app.Run(node.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return node;
    }

    /// <param name="call">Method, path and query.</param>
    public StubNode Answer(string call, string json, int status = 200)
    {
        _answers[call] = (status, json);
        return this;
    }

    /// <summary>Sends an event to whoever follows; without text it ends the stream.</summary>
    public void Happen(string? frame) => _events.Writer.TryWrite(frame ?? "");

    public Task<Ended> RunAsync(params string[] arguments) => RouseRun.OfAsync(["--url", Url, "--token", "the-token-of-this-test", .. arguments]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var call = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}";
        using var reader = new StreamReader(http.Request.Body);
        var asked = new Asked(
            call, await reader.ReadToEndAsync(http.RequestAborted), http.Request.Headers.Authorization.ToString(),
            http.Request.Headers["Idempotency-Key"].ToString(), http.Request.Headers["Last-Event-ID"].ToString());
        _asked.Writer.TryWrite(asked);
        if (http.Request.Path == "/v1/events")
        {
            await StreamAsync(http);
            return;
        }

        var (status, json) = _answers.GetValueOrDefault(call, (404, """{"type":"urn:rouse:not-found","title":"It does not exist","status":404}"""));
        http.Response.StatusCode = status;
        http.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        await http.Response.WriteAsync(json, http.RequestAborted);
    }

    private async Task StreamAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("retry: 1000\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await foreach (var frame in _events.Reader.ReadAllAsync(http.RequestAborted))
        {
            if (frame.Length == 0)
            {
                // In good order: a connection that is torn down may take with it what was sent before.
                return;
            }

            await http.Response.WriteAsync(frame, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }
}

/// <summary>One call that the program made.</summary>
internal sealed record Asked(string Call, string Body, string Authorization, string Key, string LastEventId);
