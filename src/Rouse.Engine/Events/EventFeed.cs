using System.Runtime.CompilerServices;
using System.Text.Json;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Every event in the order of the journal. Each reader reads the journal at its own pace and sleeps until the next commit, so a slow one holds
/// up nobody and misses nothing.
/// </summary>
internal sealed class EventFeed(IJournal journal)
{
    private const int PageSize = 500;

    private readonly Lock _gate = new();
    private List<TaskCompletionSource> _sleeping = [];
    private long _signals;

    /// <summary>Something was committed.</summary>
    public void Signal()
    {
        List<TaskCompletionSource> woken;
        lock (_gate)
        {
            _signals++;
            (woken, _sleeping) = (_sleeping, []);
        }

        woken.ForEach(r => r.TrySetResult());
    }

    public async IAsyncEnumerable<EventView> ReadAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, last) = await journal.PositionsAsync(cancellationToken);
        var position = after ?? last;
        if (after is { } asked and > 0 && asked < first - 1)
        {
            throw new RefusedException(new Refusal(
                RefusalKind.Gone, "events-gone", $"Events up to {first - 1} are no longer kept; the oldest that is kept is {first}. Start again after {first - 1}.")
            { Limit = "oldest", LimitValue = first });
        }

        while (true)
        {
            var seen = Interlocked.Read(ref _signals);
            var page = await journal.ReadAsync(position, PageSize, cancellationToken);
            foreach (var e in page)
            {
                position = e.Position;
                yield return new EventView(e.Position, e.Crew, e.Type, e.At, JsonSerializer.Deserialize(e.Data.Span, CoreJson.Default.JsonElement));
            }

            position += Sabotage.RepeatsAnEvent && page.Count > 1 ? -1 : Sabotage.SkipsAnEvent && page.Count > 1 ? 1 : 0;
            if (page.Count == 0)
            {
                await SleepAsync(seen, cancellationToken);
            }
        }
    }

    /// <summary>Returns at once when there was a signal after those that were seen.</summary>
    private async Task SleepAsync(long seen, CancellationToken cancellationToken)
    {
        var reader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_signals != seen)
            {
                return;
            }

            _sleeping.Add(reader);
        }

        await using var cancelled = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), reader);
        await reader.Task;
    }
}
