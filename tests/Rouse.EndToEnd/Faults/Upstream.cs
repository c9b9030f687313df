using System.Net;
using Microsoft.AspNetCore.Http;

namespace Rouse.EndToEnd.Faults;

/// <summary>The server behind a proxy.</summary>
internal sealed class Upstream(Uri server) : IDisposable
{
    // What belongs to one connection is not handed on to the next.
    private static readonly HashSet<string> s_ofTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Host", "Content-Length", "Expect",
    };

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Returns when the head of the reply is there.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken)
    {
        var uri = new Uri(server, $"{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}");
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        if (body.Length > 0)
        {
            message.Content = new ByteArrayContent(body);
        }

        foreach (var (name, values) in request.Headers.Where(h => !s_ofTheConnection.Contains(h.Key)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return await _http.SendAsync(message, cancellationToken);
    }

    public static void CopyHead(HttpResponseMessage from, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.Concat(from.Content.Headers).Where(h => !s_ofTheConnection.Contains(h.Key)))
        {
            to.Headers[name] = values.ToArray();
        }
    }

    public void Dispose() => _http.Dispose();
}
