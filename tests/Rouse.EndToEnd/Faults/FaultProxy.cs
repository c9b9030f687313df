using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Rouse.EndToEnd.Faults;

/// <summary>
/// Stands between a client and a server over HTTP and does to chosen requests what a bad network does. What no rule is about goes through
/// unchanged, event streams without delay. Every request is recorded. Safe for any number of threads.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Upstream _upstream;
    private readonly FaultRules _rules = new();
    private readonly ProxyLog _log = new();
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _streams = new();
    private readonly CancellationTokenSource _stopping = new();

    private FaultProxy(WebApplication app, Uri server)
    {
        (_app, _upstream) = (app, new Upstream(server));
        app.Run(ServeAsync);
    }

    /// <summary>What to configure in place of the server's address.</summary>
    public Uri BaseUrl => new(_app.Urls.First());

    /// <summary>Every request so far, in order of arrival.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => _log.Requests;

    public static async Task<FaultProxy> StartAsync(Uri server, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var proxy = new FaultProxy(builder.Build(), server);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    /// <summary>From now on the requests that match meet the fault, as many times as given, until the result is disposed of.</summary>
    public IDisposable Inject(Fault fault, Func<ProxiedRequest, bool> when, int times = int.MaxValue) => _rules.Add(fault, when, times);

    /// <summary>Cuts every event stream that is open, and returns how many there were. Clients may open new ones at once.</summary>
    public int CutEventStreams()
    {
        var cut = 0;
        foreach (var number in _streams.Keys)
        {
            if (_streams.TryRemove(number, out var stream))
            {
                stream.Cancel();
                cut++;
            }
        }

        return cut;
    }

    /// <summary>
    /// Waits until as many requests as given match, and returns all that do. A request is looked at again whenever it changes.
    /// </summary>
    /// <param name="timeout">60 seconds when not given.</param>
    /// <exception cref="TimeoutException">Fewer came in time. The message lists every request.</exception>
    public Task<IReadOnlyList<ProxiedRequest>> WaitForRequestsAsync(
        Func<ProxiedRequest, bool> predicate,
        int count = 1,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        _log.WaitForAsync(predicate, count, timeout, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _upstream.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var clientGone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        var body = await ReadBodyAsync(context.Request, clientGone.Token);
        var request = Describe(context.Request, body);
        request = request with { Fault = _rules.For(request) };
        var number = _log.Open(request);

        var end = ProxiedState.ClientLost;
        try
        {
            end = request.Fault is Fault.Refuse
                ? ProxiedState.Refused
                : await ForwardAsync(context, number, request.Fault, body, clientGone.Token);
        }
        catch (OperationCanceledException) when (clientGone.IsCancellationRequested)
        {
            end = ProxiedState.ClientLost;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            end = ProxiedState.ServerLost;
        }

        // Recorded first, so that a client that sees its connection closed finds the reason here.
        _log.Update(number, r => r with { State = end });
        if (end != ProxiedState.Replied)
        {
            context.Abort();
        }
    }

    private async Task<ProxiedState> ForwardAsync(HttpContext context, int number, Fault fault, byte[] body, CancellationToken clientGone)
    {
        // A fault is about what the server has done, so a client that gives up early does not stop it.
        var patience = fault is Fault.None ? clientGone : _stopping.Token;
        using var reply = await _upstream.SendAsync(context.Request, body, patience);
        _log.Update(number, r => r with { Status = (int)reply.StatusCode });
        if (IsEventStream(reply))
        {
            return fault is Fault.DropReply ? ProxiedState.ReplyDropped : await StreamAsync(context, number, reply, clientGone);
        }

        if (fault is Fault.None)
        {
            await PassAsync(reply, context.Response, clientGone);
            return ProxiedState.Replied;
        }

        await reply.Content.LoadIntoBufferAsync(patience);
        if (fault is not Fault.DelayReply { Delay: var delay })
        {
            return ProxiedState.ReplyDropped;
        }

        _log.Update(number, r => r with { State = ProxiedState.Delayed });
        await Task.Delay(delay, clientGone);
        await PassAsync(reply, context.Response, clientGone);
        return ProxiedState.Replied;
    }

    private async Task<ProxiedState> StreamAsync(HttpContext context, int number, HttpResponseMessage reply, CancellationToken clientGone)
    {
        // Not disposed of: whoever cuts may hold it while the stream ends by itself.
        var cut = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cut.Token, clientGone);
        _streams[number] = cut;
        _log.Update(number, r => r with { State = ProxiedState.Streaming });
        try
        {
            await PassAsync(reply, context.Response, either.Token);
            return ProxiedState.Replied;
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            return ProxiedState.Cut;
        }
        finally
        {
            _streams.TryRemove(number, out _);
        }
    }

    private static async Task PassAsync(HttpResponseMessage reply, HttpResponse response, CancellationToken cancellationToken)
    {
        Upstream.CopyHead(reply, response);
        await response.StartAsync(cancellationToken);
        await using var content = await reply.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            // Each piece is handed over as it comes: an event must not wait for the next one.
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsEventStream(HttpResponseMessage reply) => reply.Content.Headers.ContentType?.MediaType == "text/event-stream";

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    private static ProxiedRequest Describe(HttpRequest request, byte[] body) => new()
    {
        Method = request.Method,
        Path = request.Path.Value ?? "",
        Query = request.QueryString.Value ?? "",
        Body = Encoding.UTF8.GetString(body),
    };
}
