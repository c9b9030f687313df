using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>The few calls of OpenCode's HTTP interface that tests make themselves, for the sessions of one directory.</summary>
public sealed class OpenCodeClient : IDisposable
{
    private static readonly TimeSpan s_echoTime = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http;
    private readonly string _directory;

    /// <param name="baseUrl">The server, or a proxy before it.</param>
    public OpenCodeClient(Uri baseUrl, string directory, string? password = null)
    {
        _directory = directory;
        _http = new HttpClient { BaseAddress = baseUrl, Timeout = TimeSpan.FromMinutes(2) };
        if (password is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"opencode:{password}"));
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }
    }

    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        (await CallAsync(HttpMethod.Get, "/global/health", body: null, cancellationToken))!["version"]!.GetValue<string>();

    /// <summary>Returns the id. A session with a title asks no model for one.</summary>
    public async Task<string> CreateSessionAsync(string title, string? parent = null, CancellationToken cancellationToken = default)
    {
        var body = new JsonObject { ["title"] = title };
        if (parent is not null)
        {
            body["parentID"] = parent;
        }

        return (await CallAsync(HttpMethod.Post, "/session", body, cancellationToken))!["id"]!.GetValue<string>();
    }

    /// <summary>Hands the prompt over and returns at once, before the turn.</summary>
    public Task PromptAsync(string session, OpenCodePrompt prompt, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"/session/{session}/prompt_async", prompt.ToJson(), cancellationToken);

    /// <summary>Hands the prompt over and returns the answer when the turn has ended. An answer in error is an answer.</summary>
    public async Task<OpenCodeMessage> AskAsync(string session, OpenCodePrompt prompt, CancellationToken cancellationToken) =>
        new((await CallAsync(HttpMethod.Post, $"/session/{session}/message", prompt.ToJson(), cancellationToken))!);

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<OpenCodeMessage>> MessagesAsync(string session, CancellationToken cancellationToken)
    {
        var messages = await CallAsync(HttpMethod.Get, $"/session/{session}/message", body: null, cancellationToken);
        return [.. messages!.AsArray().Select(m => new OpenCodeMessage(m!))];
    }

    /// <summary><c>idle</c>, <c>busy</c> or <c>retry</c>. A session of another directory always looks idle.</summary>
    public async Task<string> StatusAsync(string session, CancellationToken cancellationToken)
    {
        var busy = await CallAsync(HttpMethod.Get, "/session/status", body: null, cancellationToken);
        return busy![session]?["type"]?.GetValue<string>() ?? "idle";
    }

    public async Task<bool> SessionExistsAsync(string session, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(Request(HttpMethod.Get, $"/session/{session}", body: null), cancellationToken);
        return response.StatusCode != HttpStatusCode.NotFound && response.EnsureSuccessStatusCode().IsSuccessStatusCode;
    }

    public Task AbortAsync(string session, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"/session/{session}/abort", body: null, cancellationToken);

    /// <summary>Deletes the session and its children. A running turn is not stopped by it: abort first.</summary>
    public Task DeleteSessionAsync(string session, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Delete, $"/session/{session}", body: null, cancellationToken);

    /// <summary>Opens the event stream of all directories, and returns when it is sure to bring what happens from now on.</summary>
    public async Task<OpenCodeEvents> OpenEventsAsync(CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Get, "/global/event", body: null);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var events = new OpenCodeEvents(response.EnsureSuccessStatusCode());
        await events.NextAsync(e => e.Type == "server.connected", cancellationToken: cancellationToken);

        // The greeting comes before the server listens to its own events, and what happens in between is lost. A toast goes to whoever
        // listens and changes nothing: when one comes back, the stream is live.
        while (true)
        {
            var toast = new JsonObject { ["message"] = "listening?", ["variant"] = "info" };
            await CallAsync(HttpMethod.Post, "/tui/show-toast", toast, cancellationToken);
            try
            {
                await events.NextAsync(e => e.Type == "tui.toast.show", s_echoTime, cancellationToken);
                return events;
            }
            catch (TimeoutException)
            {
                // Not live yet. A server that is gone fails the next call.
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> CallAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(Request(method, path, body), cancellationToken);
        var content = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var message = $"{method} {path} was answered {(int)response.StatusCode}: {content}";
            throw new HttpRequestException(message, inner: null, response.StatusCode);
        }

        // An unknown path is answered 200 with the page of the web interface, which is no JSON and fails here.
        return content.Length == 0 ? null : JsonNode.Parse(content);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? body) =>
        new(method, $"{path}?directory={Uri.EscapeDataString(_directory)}") { Content = body is null ? null : JsonContent.Create(body) };
}
