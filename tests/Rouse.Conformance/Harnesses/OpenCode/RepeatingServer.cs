using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rouse.EndToEnd.OpenCode;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>Answers like a healthy OpenCode whose every call fails, and repeats in its errors what it was sent to prove who asks.</summary>
internal sealed class RepeatingServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Task _serving;

    public RepeatingServer()
    {
        Url = new Uri($"http://127.0.0.1:{LoopbackPort.Pick()}/");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>The authorizations of all requests.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (!_listener.IsListening && stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var authorization = context.Request.Headers["Authorization"] ?? "";
            _heard.Enqueue(authorization);
            var password = Encoding.UTF8.GetString(Convert.FromBase64String(authorization.Split(' ')[^1]));
            var isHealth = context.Request.Url!.AbsolutePath == "/global/health";
            var answer = isHealth
                ? new JsonObject { ["healthy"] = true }
                : new JsonObject { ["name"] = "UnknownError", ["data"] = new JsonObject { ["message"] = $"You said '{authorization}', and that is {password}" } };
            context.Response.StatusCode = isHealth ? 200 : 500;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
            context.Response.Close();
        }
    }
}
