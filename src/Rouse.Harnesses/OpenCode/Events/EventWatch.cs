using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Http;

namespace Rouse.Harnesses.OpenCode.Events;

/// <summary>
/// What happens in all directories of one server, over one connection at a time. OpenCode replays nothing: after every gap the reader is told so.
/// </summary>
internal sealed partial class EventWatch(OpenCodeOptions options, OpenCodeClient client, TimeProvider time, ILogger logger, Random random)
{
    private static readonly TimeSpan OpenDeadline = TimeSpan.FromSeconds(10);

    /// <summary>A connection that has held this long was a good one, also when nothing came over it.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    /// <summary>
    /// OpenCode greets first and listens to its own events a moment later. Whoever looks at the sessions as soon as it is told of the connection
    /// would miss what happens between that look and the listening; so it is told a little later.
    /// </summary>
    private static readonly TimeSpan Subscribing = TimeSpan.FromMilliseconds(500);

    private readonly ILogger _logger = logger;

    public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reconnection = new Reconnection(random);
        var thinning = new ProgressThinning(time);
        var isDown = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            var opened = await OpenAsync(cancellationToken);
            var reason = opened.Failure?.Reason;
            if (opened.Value is { } response)
            {
                using var connection = new EventConnection(response, options.Instance, options.HeartbeatTimeout, time, _logger);
                var since = time.GetTimestamp();
                var isNew = true;
                await using var signals = connection.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (true)
                {
                    (var more, reason) = await MoveNextAsync(signals, cancellationToken);
                    if (!more)
                    {
                        break;
                    }

                    if (isNew)
                    {
                        isNew = isDown = false;
                        await Task.Delay(Subscribing, time, cancellationToken);
                        LogConnected(options.Instance);
                    }
                    else
                    {
                        reconnection.Reset();
                    }

                    if (signals.Current is { } signal && thinning.LetsPass(signal))
                    {
                        yield return signal;
                    }
                }

                if (time.GetElapsedTime(since) >= Healthy)
                {
                    reconnection.Reset();
                }
            }

            // Said once for every outage, and not for every try.
            if (!isDown)
            {
                isDown = true;
                LogLost(options.Instance, reason ?? "");
                yield return new HarnessSignal.Disconnected(reason ?? "The event stream was lost.");
            }

            await Task.Delay(reconnection.Next(), time, cancellationToken);
        }
    }

    private async ValueTask<Reply<HttpResponseMessage>> OpenAsync(CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(OpenDeadline, time, cancellationToken);
        return await client.OpenStreamAsync(Paths.GlobalEvents, deadline);
    }

    /// <returns>Whether there is another one, and if not, why not.</returns>
    private static async ValueTask<(bool More, string? Reason)> MoveNextAsync(
        IAsyncEnumerator<HarnessSignal?> signals, CancellationToken cancellationToken)
    {
        try
        {
            return await signals.MoveNextAsync() ? (true, null) : (false, "The server closed the event stream.");
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or TimeoutException or InvalidDataException
            && !cancellationToken.IsCancellationRequested)
        {
            return (false, $"The event stream was lost: {failure.Message}");
        }
    }
}
