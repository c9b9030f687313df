using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Rouse.Core;

namespace Rouse.Cli.Client;

/// <summary>
/// Reads a node's events for as long as it is asked to: a connection that breaks is made again behind the last event that came, so that
/// none is missed and none comes twice.
/// </summary>
internal sealed class EventReader(RouseClient client, TimeProvider time)
{
    private const string RefusalType = "problem";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Only events of this crew; null for all.</summary>
    public CrewId? Crew { get; init; }

    /// <summary>How long a node may stay away, after it answered once, before <see cref="UnreachableException"/> is thrown.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <param name="after">Behind this position, 0 for all that is kept; null: from now on.</param>
    public async IAsyncEnumerable<StreamItem> ReadAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after;
        var everConnected = false;
        var awaySince = time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            string? lost = null;
            HttpResponseMessage? response = null;
            try
            {
                response = await client.OpenEventsAsync(last, Crew, cancellationToken);
            }
            catch (UnreachableException away) when (everConnected && time.GetElapsedTime(awaySince) < Patience)
            {
                lost = away.Message;
            }

            if (response is not null)
            {
                using (response)
                {
                    everConnected = true;
                    yield return new StreamItem.Connected();

                    await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                    await using var items = SseParser.Create(body, Parse).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                    while (true)
                    {
                        StreamItem.Happened? found;
                        try
                        {
                            if (!await items.MoveNextAsync())
                            {
                                break;
                            }

                            found = items.Current.Data;
                        }
                        catch (Exception e) when (e is IOException or HttpRequestException)
                        {
                            lost = e.Message;
                            break;
                        }

                        pause = FirstPause;
                        if (found is { } happened)
                        {
                            last = happened.Event.Position;
                            yield return happened;
                        }
                    }
                }

                awaySince = time.GetTimestamp();
                yield return new StreamItem.Lost(lost ?? "the server closed the stream");
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // What is neither an event nor a refusal is of a newer version, and nothing follows from it.
    private static StreamItem.Happened? Parse(string type, ReadOnlySpan<byte> data)
    {
        if (type == RefusalType)
        {
            var problem = JsonSerializer.Deserialize(data, ClientJson.Default.Problem) ?? new Problem();
            throw new ProblemException(problem, Encoding.UTF8.GetString(data));
        }

        try
        {
            return JsonSerializer.Deserialize(data, ClientJson.Default.EventView) is { Position: > 0 } found
                ? new StreamItem.Happened(found, Encoding.UTF8.GetString(data))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
