using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Writes events to one reader as server-sent events, and a sign of life while there are none.</summary>
internal sealed class EventStream(HttpContext http, EventFilter filter, TimeProvider time)
{
    /// <summary>Proxies and readers take a silent connection for a dead one.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer is held back, so that a refusal, such as 410, can be the answer. A later one comes as an event.</summary>
    internal static readonly TimeSpan RefusalWindow = TimeSpan.FromMilliseconds(100);

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private long? _seen;
    private bool _begun;

    public async Task WriteAsync(IAsyncEnumerable<EventView> events, CancellationToken cancellationToken)
    {
        // Ends the enumeration before it is disposed of: an enumerator must not be disposed of while it moves.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var source = events.GetAsyncEnumerator(ended.Token);
        var move = source.MoveNextAsync().AsTask();
        try
        {
            if (await WaitAsync(move, RefusalWindow, cancellationToken))
            {
                // A refusal is thrown here, while it can still be the answer.
                await move;
            }

            await BeginAsync(cancellationToken);
            while (true)
            {
                if (!await WaitAsync(move, KeepAlive, cancellationToken))
                {
                    await SignOfLifeAsync(cancellationToken);
                }
                else if (await move)
                {
                    await EventAsync(source.Current, cancellationToken);
                    move = source.MoveNextAsync().AsTask();
                }
                else
                {
                    return;
                }
            }
        }
        catch (RefusedException e) when (_begun)
        {
            await RefusalAsync(KnownProblems.Of(e.Refusal), cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await move.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await source.DisposeAsync();
        }
    }

    private async Task<bool> WaitAsync(Task move, TimeSpan most, CancellationToken cancellationToken)
    {
        if (move.IsCompleted)
        {
            return true;
        }

        // What was written goes out before waiting; while events keep coming they share a flush.
        if (_begun)
        {
            await FlushAsync(cancellationToken);
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(move, Task.Delay(most, time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == move;
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/event-stream";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        _begun = true;
        Append("retry: 1000\n\n");
        await FlushAsync(cancellationToken);
    }

    private async Task EventAsync(EventView happened, CancellationToken cancellationToken)
    {
        if (!await filter.MatchesAsync(happened, cancellationToken))
        {
            _seen = happened.Position;
            return;
        }

        _seen = null;
        Append($"id: {happened.Position.ToString(CultureInfo.InvariantCulture)}\nevent: {happened.Type}\ndata: ");
        using (var json = new Utf8JsonWriter(_buffer))
        {
            JsonSerializer.Serialize(json, happened, ApiJson.Default.EventView);
        }

        Append("\n\n");
        const int worthAFlush = 32 * 1024;
        if (_buffer.WrittenCount > worthAFlush)
        {
            await FlushAsync(cancellationToken);
        }
    }

    // A bare id moves the reader's Last-Event-ID past what its filter left out, so that a later resume does not read it all again.
    private Task SignOfLifeAsync(CancellationToken cancellationToken)
    {
        Append(_seen is { } position ? $": keep-alive\nid: {position.ToString(CultureInfo.InvariantCulture)}\n\n" : ": keep-alive\n\n");
        _seen = null;
        return FlushAsync(cancellationToken);
    }

    private Task RefusalAsync(Problem problem, CancellationToken cancellationToken)
    {
        Append($"event: problem\ndata: {JsonSerializer.Serialize(problem, ApiJson.Default.Problem)}\n\n");
        return FlushAsync(cancellationToken);
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _buffer);

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount > 0)
        {
            await http.Response.Body.WriteAsync(_buffer.WrittenMemory, cancellationToken);
            _buffer.ResetWrittenCount();
        }

        await http.Response.Body.FlushAsync(cancellationToken);
    }
}
