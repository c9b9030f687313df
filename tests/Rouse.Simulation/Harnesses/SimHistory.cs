using System.Collections;
using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>The messages of a session, oldest first.</summary>
public sealed class SimHistory : IReadOnlyList<SimMessage>
{
    /// <summary>What a look reads at once: the newest so many messages, and then older ones by larger pages.</summary>
    private const int PageSize = 50;

    private const int OlderPageSize = 200;

    private readonly List<SimMessage> _messages = [];
    private readonly Dictionary<string, (SimMessage First, int Count)> _byKey = new(StringComparer.Ordinal);

    public int Count => _messages.Count;

    public SimMessage this[int index] => _messages[index];

    /// <summary>The agent's newest message.</summary>
    public SimMessage? NewestAnswer => Newest(MessageOrigin.Agent);

    /// <summary>The newest message that is not the agent's.</summary>
    public SimMessage? NewestPrompt => _messages.FindLast(m => m.Origin != MessageOrigin.Agent);

    /// <summary>The first message with this key.</summary>
    public SimMessage? Find(string key) => _byKey.TryGetValue(key, out var known) ? known.First : null;

    /// <summary>How often a prompt with this key stands here.</summary>
    public int Entries(string key) => _byKey.TryGetValue(key, out var known) ? known.Count : 0;

    /// <summary>Whether the agent has begun to answer it.</summary>
    public bool IsBegun(SimMessage prompt)
    {
        for (var i = _messages.Count - 1; i >= 0 && _messages[i] != prompt; i--)
        {
            if (_messages[i].Origin == MessageOrigin.Agent)
            {
                return true;
            }
        }

        return _messages.Exists(m => m.Answers == prompt);
    }

    public bool Exists(Predicate<SimMessage> match) => _messages.Exists(match);

    /// <summary>Takes messages back, as somebody does who edits the history.</summary>
    public int RemoveAll(Predicate<SimMessage> match)
    {
        var removed = _messages.RemoveAll(match);
        _byKey.Clear();
        _messages.ForEach(Index);
        return removed;
    }

    public IEnumerator<SimMessage> GetEnumerator() => _messages.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Add(SimMessage message)
    {
        _messages.Add(message);
        Index(message);
    }

    /// <summary>The newest part, as far back as the newest message of Rouse's and by whole pages; without one, the newest page.</summary>
    internal ImmutableArray<SeenMessage> Window(bool showsKeys)
    {
        var start = Math.Max(0, _messages.Count - PageSize);
        if (_byKey.Count > 0)
        {
            var newest = _messages.FindLastIndex(m => m.Key is not null);
            while (newest < start)
            {
                start = Math.Max(0, start - OlderPageSize);
            }
        }

        var seen = ImmutableArray.CreateBuilder<SeenMessage>(_messages.Count - start);
        for (var i = start; i < _messages.Count; i++)
        {
            seen.Add(_messages[i].Seen(showsKeys));
        }

        return seen.MoveToImmutable();
    }

    private SimMessage? Newest(MessageOrigin origin) => _messages.FindLast(m => m.Origin == origin);

    private void Index(SimMessage message)
    {
        if (message.Key is { } key)
        {
            _byKey[key] = _byKey.TryGetValue(key, out var known) ? (known.First, known.Count + 1) : (message, 1);
        }
    }
}
