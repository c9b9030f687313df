using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Rouse.Harnesses.OpenCode.Wire;
using Rouse.Harnesses.Secrets;

namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>
/// One HTTP call, and what is known after it. Says nothing twice: a server that refused the password is left alone for a minute, and after a
/// lost connection a health check goes first, so that a server that is just starting does not swallow requests.
/// </summary>
internal sealed partial class OpenCodeClient : IDisposable
{
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(60);

    private readonly HttpClient _reads = new(Connections.Pooled(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostBytes };
    private readonly HttpClient _sends = new(Connections.Fresh(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostBytes };
    private readonly HealthCheck _health;
    private readonly IEndpointSource _endpoints;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _instance;
    private readonly Lock _gate = new();
    private Refusal? _refusal;
    private Task<CallFailure?>? _probe;
    private volatile bool _suspect = true;

    public OpenCodeClient(string instance, IEndpointSource endpoints, TimeProvider time, ILogger logger)
    {
        _instance = instance;
        _endpoints = endpoints;
        _time = time;
        _logger = logger;
        _health = new HealthCheck(time);
    }

    public ValueTask<Reply<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, Deadline deadline)
        where T : class =>
        CallAsync(_reads, HttpMethod.Get, path, null, response => ReadAsync(response, type, deadline.Token), deadline);

    public ValueTask<Reply<TAnswer>> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, Deadline deadline)
        where TAnswer : class =>
        CallAsync(_sends, HttpMethod.Post, path, JsonContent.Create(body, bodyType), response => ReadAsync(response, answerType, deadline.Token), deadline);

    /// <summary>A call whose answer says nothing more than that it was taken.</summary>
    public ValueTask<Reply<Done>> SendAsync(HttpMethod method, string path, Deadline deadline) =>
        CallAsync(_sends, method, path, null, static _ => Task.FromResult(Reply<Done>.Ok(Done.Instance)), deadline);

    public ValueTask<Reply<Done>> SendAsync<TBody>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> type, Deadline deadline) =>
        CallAsync(_sends, method, path, JsonContent.Create(body, type), static _ => Task.FromResult(Reply<Done>.Ok(Done.Instance)), deadline);

    /// <summary>
    /// Whether a failure is the whole instance's, and not only that of one call: what was not answered in time is held against the instance only
    /// when its health check is not answered either.
    /// </summary>
    public async ValueTask<bool> IsInstanceDownAsync(CallFailure failure, CancellationToken cancellationToken) => failure.Kind switch
    {
        CallFailureKind.NotConnected or CallFailureKind.Unauthorised => true,
        CallFailureKind.Broken => await ProbeAsync(cancellationToken) is not null,
        _ => false,
    };

    /// <summary>Opens the event stream; the caller owns the response.</summary>
    public async ValueTask<Reply<HttpResponseMessage>> OpenStreamAsync(string path, Deadline deadline)
    {
        var found = await FindEndpointAsync(deadline);
        if (!found.TryGet(out var endpoint, out var failure))
        {
            return Reply<HttpResponseMessage>.Fail(failure);
        }

        HttpResponseMessage? response = null;
        try
        {
            using var request = Request(HttpMethod.Get, path, endpoint);
            response = await _sends.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                var opened = Reply<HttpResponseMessage>.Ok(response);
                response = null;
                return opened;
            }

            return Reply<HttpResponseMessage>.Fail(await DescribeAsync(response, endpoint, deadline.Token));
        }
        catch (HttpRequestException broken)
        {
            return Reply<HttpResponseMessage>.Fail(Connections.Describe(broken, endpoint));
        }
        catch (OperationCanceledException) when (!deadline.Caller.IsCancellationRequested)
        {
            return Reply<HttpResponseMessage>.Fail(TimedOut(endpoint, deadline));
        }
        finally
        {
            response?.Dispose();
        }
    }

    public void Dispose()
    {
        _reads.Dispose();
        _sends.Dispose();
        _health.Dispose();
    }

    private async ValueTask<Reply<T>> CallAsync<T>(
        HttpClient http, HttpMethod method, string path, HttpContent? content, Func<HttpResponseMessage, Task<Reply<T>>> read, Deadline deadline)
        where T : class
    {
        using var body = content;
        var found = await FindAnsweringAsync(deadline);
        if (!found.TryGet(out var endpoint, out var failure))
        {
            return Reply<T>.Fail(failure);
        }

        var reply = await CallAsync(http, method, path, body, read, endpoint, deadline);
        if (reply.Is(CallFailureKind.NotConnected) || reply.Is(CallFailureKind.Broken))
        {
            _suspect = true;
        }

        return reply;
    }

    private async ValueTask<Reply<T>> CallAsync<T>(
        HttpClient http, HttpMethod method, string path, HttpContent? body, Func<HttpResponseMessage, Task<Reply<T>>> read, Endpoint endpoint, Deadline deadline)
        where T : class
    {
        try
        {
            using var request = Request(method, path, endpoint);
            request.Content = body;
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, deadline.Token);
            return response.IsSuccessStatusCode
                ? await read(response)
                : Reply<T>.Fail(await DescribeAsync(response, endpoint, deadline.Token));
        }
        catch (HttpRequestException broken)
        {
            return Reply<T>.Fail(Connections.Describe(broken, endpoint));
        }
        catch (JsonException broken)
        {
            return Reply<T>.Fail(new CallFailure(CallFailureKind.Unreadable, $"OpenCode's answer to {method} {Shown(path)} cannot be read: {broken.Message}"));
        }
        catch (OperationCanceledException) when (!deadline.Caller.IsCancellationRequested)
        {
            return Reply<T>.Fail(TimedOut(endpoint, deadline));
        }
    }

    /// <summary>While the deadline is not over, it was the connecting that took too long: nothing was sent.</summary>
    private static CallFailure TimedOut(Endpoint endpoint, Deadline deadline) => deadline.IsOver
        ? new CallFailure(CallFailureKind.Broken, $"OpenCode at {endpoint} did not answer within {deadline.Span.TotalSeconds:0.#} s.")
        : new CallFailure(CallFailureKind.NotConnected, $"OpenCode at {endpoint} accepts no connection.");

    private static HttpRequestMessage Request(HttpMethod method, string path, Endpoint endpoint)
    {
        var request = new HttpRequestMessage(method, endpoint.At(path));
        request.Headers.Authorization = endpoint.Authorization();
        return request;
    }

    private static async Task<Reply<T>> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        // OpenCode answers a path that it does not know with 200 and the page of its web interface.
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return Reply<T>.Fail(new CallFailure(
                CallFailureKind.Unreadable, $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)} is not OpenCode's API."));
        }

        var value = await response.Content.ReadFromJsonAsync(type, cancellationToken);
        var cursor = response.Headers.TryGetValues("X-Next-Cursor", out var values) ? values.FirstOrDefault() : null;
        return value is null
            ? Reply<T>.Fail(new CallFailure(CallFailureKind.Unreadable, "OpenCode answered nothing."))
            : Reply<T>.Ok(value, cursor);
    }

    private async ValueTask<CallFailure> DescribeAsync(HttpResponseMessage response, Endpoint endpoint, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return Remember(Connections.WrongPassword(endpoint));
        }

        var status = (int)response.StatusCode;
        var error = await ErrorBody.ReadAsync(response, cancellationToken);
        var message = SecretScrub.Clean(error?.Message, endpoint.Password);
        if (status == 404 && error?.Name.EndsWith("NotFoundError", StringComparison.Ordinal) == true)
        {
            return new CallFailure(CallFailureKind.NotFound, message);
        }

        var kind = status switch
        {
            >= 500 or 408 or 409 or 425 or 429 => CallFailureKind.Failed, // later the same may pass
            >= 400 and not 404 => CallFailureKind.Rejected,
            _ => CallFailureKind.Unreadable,
        };
        return new CallFailure(kind, message.Length > 0 ? $"OpenCode answered {status}: {message}" : $"OpenCode answered {status}.");
    }

    private async ValueTask<Reply<Endpoint>> FindAnsweringAsync(Deadline deadline)
    {
        var found = await FindEndpointAsync(deadline);
        if (found.Failure is not null || !_suspect)
        {
            return found;
        }

        try
        {
            return await ProbeAsync(deadline.Token) is { } down
                ? Reply<Endpoint>.Fail(down with { Kind = down.Kind == CallFailureKind.Unauthorised ? down.Kind : CallFailureKind.NotConnected })
                : found;
        }
        catch (OperationCanceledException) when (!deadline.Caller.IsCancellationRequested)
        {
            return Reply<Endpoint>.Fail(new CallFailure(CallFailureKind.NotConnected, $"OpenCode of {_instance} does not answer."));
        }
    }

    private async ValueTask<Reply<Endpoint>> FindEndpointAsync(Deadline deadline)
    {
        lock (_gate)
        {
            if (_refusal is { } refusal && _time.GetUtcNow() < refusal.Until)
            {
                return Reply<Endpoint>.Fail(refusal.Failure);
            }
        }

        try
        {
            return await _endpoints.GetAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!deadline.Caller.IsCancellationRequested)
        {
            return Reply<Endpoint>.Fail(new CallFailure(CallFailureKind.NotConnected, $"The OpenCode server of {_instance} is still starting."));
        }
    }

    /// <summary>One probe at a time; whoever needs one waits for it.</summary>
    private async Task<CallFailure?> ProbeAsync(CancellationToken cancellationToken)
    {
        Task<CallFailure?> probe;
        lock (_gate)
        {
            probe = _probe is { IsCompleted: false } running ? running : _probe = ProbeOnceAsync();
        }

        return await probe.WaitAsync(cancellationToken);
    }

    private async Task<CallFailure?> ProbeOnceAsync()
    {
        var found = await _endpoints.GetAsync(CancellationToken.None);
        if (!found.TryGet(out var endpoint, out var failure))
        {
            return failure;
        }

        failure = await _health.AskAsync(endpoint, CancellationToken.None);
        _suspect = failure is not null;
        return failure is { Kind: CallFailureKind.Unauthorised } ? Remember(failure) : failure;
    }

    private CallFailure Remember(CallFailure refusal)
    {
        lock (_gate)
        {
            _refusal = new Refusal(refusal, _time.GetUtcNow() + RefusalPause);
        }

        LogRefused(_instance, refusal.Reason, RefusalPause.TotalSeconds);
        return refusal;
    }

    /// <summary>Ids of sessions are in the path, and no secret is; the query holds directories, which are noise here.</summary>
    private static string Shown(string path) => path.Split('?', 2)[0];

    private sealed record Refusal(CallFailure Failure, DateTimeOffset Until);
}
