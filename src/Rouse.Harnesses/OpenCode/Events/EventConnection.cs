using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rouse.Engine;

namespace Rouse.Harnesses.OpenCode.Events;

/// <summary>One connection of the event stream, from its first event to its end.</summary>
internal sealed partial class EventConnection : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly TimeSpan _silence;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _instance;

    public EventConnection(HttpResponseMessage response, string instance, TimeSpan silence, TimeProvider time, ILogger logger)
    {
        _response = response;
        _instance = instance;
        _silence = silence;
        _time = time;
        _logger = logger;
    }

    /// <summary>Null stands for an event that is no signal: it shows that the connection lives.</summary>
    /// <exception cref="TimeoutException">Not even a heartbeat came.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async IAsyncEnumerable<HarnessSignal?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        await using var stream = await _response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(stream, static (_, data) => data.ToArray());
        await using var events = parser.EnumerateAsync(linked.Token).GetAsyncEnumerator(linked.Token);
        while (await MoveNextAsync(events, silence, cancellationToken))
        {
            yield return Translate(events.Current.Data);
        }
    }

    public void Dispose() => _response.Dispose();

    /// <summary>The time that the reader of the signals takes is not silence of the server's: the clock runs only while an event is awaited.</summary>
    private async ValueTask<bool> MoveNextAsync(
        IAsyncEnumerator<SseItem<byte[]>> events, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        silence.CancelAfter(_silence);
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException silent) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came for {_silence.TotalSeconds:0} s, not even a heartbeat.", silent);
        }
        finally
        {
            silence.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private HarnessSignal? Translate(byte[] data)
    {
        try
        {
            return SignalTranslation.Translate(data);
        }
        catch (JsonException broken)
        {
            LogBroken(_instance, data.Length, broken.Message);
            return null;
        }
    }
}
