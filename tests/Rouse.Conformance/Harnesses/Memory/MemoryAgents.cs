using System.Collections.Immutable;
using System.Globalization;
using Rouse.Core;

namespace Rouse.Conformance.Harnesses.Memory;

/// <summary>The smallest harness: it keeps what it is told and answers at once. Adapters that are poor on purpose speak to it.</summary>
internal sealed class MemoryAgents
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<SeenMessage>> _histories = new(StringComparer.Ordinal);

    public string Create(string key)
    {
        lock (_lock)
        {
            if (!_ids.TryGetValue(key, out var id))
            {
                _ids[key] = id = string.Create(CultureInfo.InvariantCulture, $"memory-{_ids.Count + 1}");
                _histories[id] = [];
            }

            return id;
        }
    }

    /// <summary>Null when there is no such session.</summary>
    public ImmutableArray<SeenMessage>? Read(string session)
    {
        lock (_lock)
        {
            return _histories.TryGetValue(session, out var history) ? history : null;
        }
    }

    /// <summary>Stores a prompt and its answer; false when there is no such session, or when the key is there and must not be stored again.</summary>
    public bool Store(string session, string key, string text, bool once)
    {
        lock (_lock)
        {
            if (!_histories.TryGetValue(session, out var history) || (once && history.Any(m => m.Key == key)))
            {
                return false;
            }

            _histories[session] = history.AddRange(
                Message(history.Length, MessageOrigin.Rouse, text) with { Key = key }, Message(history.Length + 1, MessageOrigin.Agent, $"answer to {text}"));
            return true;
        }
    }

    /// <summary>Every entry is answered once.</summary>
    public int TimesAsked(string text)
    {
        lock (_lock)
        {
            return _histories.Values.Sum(h => h.Count(m => m.Origin == MessageOrigin.Rouse && m.Text == text));
        }
    }

    private static SeenMessage Message(int place, MessageOrigin origin, string text) =>
        new() { Id = string.Create(CultureInfo.InvariantCulture, $"message-{place + 1}"), Origin = origin, Text = text };
}
