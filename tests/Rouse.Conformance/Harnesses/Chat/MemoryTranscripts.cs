using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>Transcripts in memory with the contract's semantics. A test can make them unavailable, or crash the world at one of their writes.</summary>
internal sealed class MemoryTranscripts : ITranscripts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, Stored> _stored = [];
    private int _writes;

    /// <summary>Set: every call throws.</summary>
    public volatile bool Away;

    public int Writes => Volatile.Read(ref _writes);

    public ValueTask<bool> CreateAsync(Address session, string? key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => Do(() =>
    {
        if (_stored.ContainsKey(session) || (key is not null && _stored.Any(s => s.Key.Instance == session.Instance && s.Value.Key == key)))
        {
            return false;
        }

        _stored[session] = new Stored(key, data.ToArray(), []);
        _writes++;
        return true;
    });

    public ValueTask<Transcript?> FindAsync(Address session, CancellationToken cancellationToken) =>
        Do(() => _stored.TryGetValue(session, out var stored) ? stored.As(session) : null);

    public ValueTask<Transcript?> FindByKeyAsync(string instance, string key, CancellationToken cancellationToken) =>
        Do(() => _stored.Where(s => s.Key.Instance == instance && s.Value.Key == key).Select(s => s.Value.As(s.Key)).FirstOrDefault());

    public ValueTask<IReadOnlyList<Transcript>> ListAsync(string instance, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<Transcript>>(() => [.. _stored.Where(s => s.Key.Instance == instance).Select(s => s.Value.As(s.Key))]);

    public ValueTask<int?> AppendAsync(Address session, string? key, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => Do<int?>(() =>
    {
        if (!_stored.TryGetValue(session, out var stored))
        {
            return null;
        }

        if (key is not null && stored.Messages.Find(m => m.Key == key) is { } there)
        {
            return there.Number;
        }

        stored.Messages.Add(new TranscriptMessage(stored.Messages.Count + 1, key, message.ToArray()));
        _writes++;
        return stored.Messages.Count;
    });

    public ValueTask<bool> UpdateAsync(Address session, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => Do(() =>
    {
        if (!_stored.TryGetValue(session, out var stored))
        {
            return false;
        }

        _stored[session] = stored with { Data = data.ToArray() };
        _writes++;
        return true;
    });

    public ValueTask<IReadOnlyList<TranscriptMessage>> MessagesAsync(Address session, int after, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<TranscriptMessage>>(() => _stored.TryGetValue(session, out var stored) ? [.. stored.Messages.Where(m => m.Number > after)] : []);

    public ValueTask<bool> DeleteAsync(Address session, CancellationToken cancellationToken) => Do(() => _stored.Remove(session));

    private ValueTask<T> Do<T>(Func<T> act)
    {
        lock (_lock)
        {
            return Away ? ValueTask.FromException<T>(new JournalUnavailableException("The disk is full.")) : ValueTask.FromResult(act());
        }
    }

    private sealed record Stored(string? Key, byte[] Data, List<TranscriptMessage> Messages)
    {
        public Transcript As(Address session) => new(session, Key, Data, Messages.Count);
    }
}
