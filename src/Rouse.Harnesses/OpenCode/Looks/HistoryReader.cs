using System.Collections.Concurrent;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Looks;

/// <summary>
/// Reads the newest part of a history, as far back as the newest message of Rouse's. A session that holds none is read through once; later looks
/// stop where the last one began.
/// </summary>
internal sealed class HistoryReader(OpenCodeClient client, int pageSize)
{
    private const int OlderPageSize = 200;

    private const int MostMessages = 20_000;

    private const int MostRemembered = 10_000;

    /// <summary>By session: a message that nothing of Rouse's is older than.</summary>
    private readonly ConcurrentDictionary<string, string> _nothingBefore = new(StringComparer.Ordinal);

    public async ValueTask<Reply<List<WireMessage>>> ReadAsync(string session, Deadline deadline)
    {
        var reply = await client.GetAsync(Paths.Messages(session, pageSize), WireJson.Default.ListWireMessage, deadline);
        if (!reply.TryGet(out var newest, out _) || reply.Cursor is null || HoldsKey(newest) || ReachesKnown(session, newest))
        {
            return reply;
        }

        var pages = new Stack<List<WireMessage>>([newest]);
        var (cursor, count) = (reply.Cursor, newest.Count);
        while (cursor is not null && count < MostMessages)
        {
            var older = await client.GetAsync(Paths.Messages(session, OlderPageSize, cursor), WireJson.Default.ListWireMessage, deadline);
            if (!older.TryGet(out var page, out _))
            {
                return older;
            }

            pages.Push(page);
            if (HoldsKey(page))
            {
                return Reply<List<WireMessage>>.Ok([.. pages.SelectMany(p => p)]);
            }

            if (ReachesKnown(session, page))
            {
                break;
            }

            (cursor, count) = (older.Cursor, count + page.Count);
        }

        // None of Rouse's in all of it: what is older than this page says nothing about what Rouse did.
        Remember(session, newest);
        return reply;
    }

    private static bool HoldsKey(List<WireMessage> page) => page.Any(m => m.Info?.Id is { } id && MessageKey.Of(id) is not null);

    private bool ReachesKnown(string session, List<WireMessage> page) =>
        _nothingBefore.TryGetValue(session, out var known) && page.Any(m => m.Info?.Id == known);

    private void Remember(string session, List<WireMessage> newest)
    {
        if (_nothingBefore.Count >= MostRemembered)
        {
            _nothingBefore.Clear();
        }

        if (newest.FirstOrDefault()?.Info?.Id is { } oldest)
        {
            _nothingBefore[session] = oldest;
        }
    }
}
