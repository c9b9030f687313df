using System.Net;

namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>
/// Asks whether a server answers, each time over a connection of its own: OpenCode's port accepts some 0.3 s before anything reads from it, and
/// a connection made in that time is never answered, while a later one is.
/// </summary>
internal sealed class HealthCheck : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(1.5);

    private readonly HttpClient _http = new(Connections.Fresh(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly TimeProvider _time;

    public HealthCheck(TimeProvider time) => _time = time;

    /// <returns>Null when it answers.</returns>
    public async ValueTask<CallFailure?> AskAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(DefaultTimeout, _time, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.At("global/health"));
            request.Headers.Authorization = endpoint.Authorization();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, deadline.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK when response.Content.Headers.ContentType?.MediaType == "application/json" => null,
                HttpStatusCode.OK => new CallFailure(CallFailureKind.Unreadable, $"What answers at {endpoint} is not OpenCode's API."),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Connections.WrongPassword(endpoint),
                var status => new CallFailure(CallFailureKind.Failed, $"OpenCode at {endpoint} answers its health check with {(int)status}."),
            };
        }
        catch (HttpRequestException failure)
        {
            return Connections.Describe(failure, endpoint);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallFailure(CallFailureKind.Broken, $"OpenCode at {endpoint} does not answer its health check.");
        }
    }

    public void Dispose() => _http.Dispose();
}
