using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Cli.Client;

/// <summary>The HTTP API of a node, typed.</summary>
/// <remarks>Throws <see cref="ProblemException"/> for a refusal and <see cref="UnreachableException"/> when no answer comes. Thread-safe.</remarks>
internal sealed class RouseClient : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    public RouseClient(ServerAddress server)
    {
        Server = server;
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = !server.Url.IsLoopback })
        {
            BaseAddress = server.Url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = server.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
    }

    public ServerAddress Server { get; }

    public void Dispose() => _http.Dispose();

    public Task<Reply<SessionView>> RegisterAsync(NewSessionBody session, CancellationToken cancellationToken) =>
        PostAsync("v1/sessions", session, BodyJson.Default.NewSessionBody, ClientJson.Default.SessionView, key: null, cancellationToken);

    /// <param name="key">The same key and work is the same task.</param>
    public Task<Reply<DelegatedReply>> DelegateAsync(DelegationBody delegation, string key, CancellationToken cancellationToken) =>
        PostAsync("v1/delegations", delegation, BodyJson.Default.DelegationBody, ClientJson.Default.DelegatedReply, key, cancellationToken);

    public Task<Reply<CancelReply>> CancelAsync(TaskId task, CancellationToken cancellationToken) =>
        PostAsync($"v1/tasks/{task}/cancel", ClientJson.Default.CancelReply, cancellationToken);

    public Task<Reply<CancelReply>> CancelAllAsync(SessionId session, CancellationToken cancellationToken) =>
        PostAsync($"v1/sessions/{session}/cancel", ClientJson.Default.CancelReply, cancellationToken);

    public Task<Reply<Page<SessionView>>> SessionsAsync(Paging paging, CancellationToken cancellationToken) =>
        GetAsync("v1/sessions" + paging.Query(), ClientJson.Default.PageSessionView, cancellationToken);

    public Task<Reply<SessionView>> SessionAsync(SessionId session, CancellationToken cancellationToken) =>
        GetAsync($"v1/sessions/{session}", ClientJson.Default.SessionView, cancellationToken);

    public Task<Reply<Page<NoticeView>>> MailboxAsync(SessionId session, CancellationToken cancellationToken) =>
        GetAsync($"v1/sessions/{session}/mailbox", ClientJson.Default.PageNoticeView, cancellationToken);

    public Task<Reply<Page<TaskView>>> TasksAsync(TaskFilter filter, Paging paging, CancellationToken cancellationToken) =>
        GetAsync("v1/tasks" + paging.Query(filter.Parts()), ClientJson.Default.PageTaskView, cancellationToken);

    public Task<Reply<TaskView>> TaskAsync(TaskId task, CancellationToken cancellationToken) =>
        GetAsync($"v1/tasks/{task}", ClientJson.Default.TaskView, cancellationToken);

    public Task<Reply<OutputView>> OutputAsync(TaskId task, CancellationToken cancellationToken) =>
        GetAsync($"v1/tasks/{task}/output", ClientJson.Default.OutputView, cancellationToken);

    public Task<Reply<WakeView>> WakeAsync(WakeId wake, CancellationToken cancellationToken) =>
        GetAsync($"v1/wakes/{wake}", ClientJson.Default.WakeView, cancellationToken);

    public Task<Reply<Page<WakeView>>> DeadLettersAsync(Paging paging, CancellationToken cancellationToken) =>
        GetAsync("v1/dead-letters" + paging.Query(), ClientJson.Default.PageWakeView, cancellationToken);

    public Task<Reply<ExplainView>> ExplainAsync(TaskId task, CancellationToken cancellationToken) =>
        GetAsync($"v1/tasks/{task}/explain", ClientJson.Default.ExplainView, cancellationToken);

    public Task<Reply<ExplainView>> ExplainAsync(SessionId session, CancellationToken cancellationToken) =>
        GetAsync($"v1/sessions/{session}/explain", ClientJson.Default.ExplainView, cancellationToken);

    /// <summary>What <c>GET /health</c> says, also when it says that the node is not ready.</summary>
    public async Task<JsonElement> HealthAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "health");
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
        {
            throw Problem(response, text);
        }

        return Read(text, ClientJson.Default.JsonElement);
    }

    /// <summary>Opens the event stream behind a position; null: from now on. The caller disposes the response.</summary>
    /// <param name="crew">Only events of this crew; null for all.</param>
    public async Task<HttpResponseMessage> OpenEventsAsync(long? after, CrewId? crew, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, crew is null ? "v1/events" : $"v1/events?crew={crew}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (after is { } position)
        {
            request.Headers.Add("Last-Event-ID", position.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Problem(response, await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    private async Task<Reply<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await AskAsync(request, type, cancellationToken);
    }

    private async Task<Reply<T>> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        return await AskAsync(request, type, cancellationToken);
    }

    private async Task<Reply<T>> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await AskAsync(request, type, cancellationToken);
    }

    private async Task<Reply<T>> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? new Reply<T>(Read(text, type), text) : throw Problem(response, text);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption until, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTime);
        try
        {
            return await _http.SendAsync(request, until, limit.Token);
        }
        catch (HttpRequestException e)
        {
            throw new UnreachableException($"cannot reach the server at {Server.At}: {Reason(e)}; {Server.Advice}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnreachableException($"the server at {Server.At} gave no answer within {AnswerTime.TotalSeconds} s", e);
        }
    }

    private T Read<T>(string text, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new UnreachableException($"what answers at {Server.At} does not speak Rouse's API: {e.Message}", e);
        }
    }

    private static ProblemException Problem(HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        try
        {
            var problem = JsonSerializer.Deserialize(text, ClientJson.Default.Problem) ?? new Problem();
            return new ProblemException(problem with { Status = problem.Status ?? status }, text);
        }
        catch (JsonException)
        {
            var problem = new Problem { Status = status, Title = $"the server answered {status} {response.ReasonPhrase}" };
            return new ProblemException(problem, JsonSerializer.Serialize(problem, ClientJson.Default.Problem));
        }
    }

    private static string Reason(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => "nothing listens there",
        HttpRequestError.NameResolutionError => "the host name is not known",
        HttpRequestError.SecureConnectionError => "no secure connection could be made",
        _ => e.Message,
    };
}
