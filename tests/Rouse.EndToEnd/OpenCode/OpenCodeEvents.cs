using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Rouse.ScriptedModel;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>An open event stream. It is read all the time, and asked by one test.</summary>
public sealed class OpenCodeEvents : IAsyncDisposable
{
    private readonly Watched<Heard> _heard = new(new Heard([], End: null));
    private readonly HttpResponseMessage _response;
    private readonly Task _reading;
    private int _next;

    internal OpenCodeEvents(HttpResponseMessage response)
    {
        _response = response;
        _reading = ReadAsync();
    }

    /// <summary>Goes on to the next event that matches, past all before it.</summary>
    /// <param name="timeout">60 seconds when not given.</param>
    /// <exception cref="IOException">The stream ended or was cut.</exception>
    /// <exception cref="TimeoutException">None came in time; the message lists what did.</exception>
    public async Task<OpenCodeEvent> NextAsync(
        Func<OpenCodeEvent, bool> predicate,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var found = -1;
        var heard = await _heard.WaitUntilAsync(
            h => (found = h.Events.FindIndex(_next, e => predicate(e))) >= 0 || h.End is not null,
            h => $"an event that matches, among:\n{string.Join('\n', h.Events.Skip(_next))}",
            timeout,
            cancellationToken);
        if (found < 0)
        {
            throw new IOException("The event stream has ended.", heard.End);
        }

        _next = found + 1;
        return heard.Events[found];
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        Exception end = new EndOfStreamException();
        try
        {
            await foreach (var item in SseParser.Create(await _response.Content.ReadAsStreamAsync()).EnumerateAsync())
            {
                var payload = JsonNode.Parse(item.Data)!["payload"]!;
                var read = new OpenCodeEvent(payload["type"]!.GetValue<string>(), payload["properties"]);
                _heard.Change(h => h with { Events = h.Events.Add(read) });
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            end = exception;
        }

        _heard.Change(h => h with { End = end });
    }

    private sealed record Heard(ImmutableList<OpenCodeEvent> Events, Exception? End);
}
