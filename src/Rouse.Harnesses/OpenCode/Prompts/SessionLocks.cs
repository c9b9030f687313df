namespace Rouse.Harnesses.OpenCode.Prompts;

/// <summary>Lets one at a time into a session. OpenCode has no such lock: two that both looked first would both be sent (HARN-6).</summary>
internal sealed class SessionLocks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Waits for whoever is in; dispose of the result to leave.</summary>
    public async ValueTask<IDisposable> EnterAsync(string session, CancellationToken cancellationToken)
    {
        var entry = Join(session);
        try
        {
            await entry.Free.WaitAsync(cancellationToken);
            return new Inside(this, session, entry);
        }
        catch (OperationCanceledException)
        {
            Leave(session, entry);
            throw;
        }
    }

    private Entry Join(string session)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(session, out var entry))
            {
                _entries[session] = entry = new Entry();
            }

            entry.Users++;
            return entry;
        }
    }

    /// <summary>The last one takes the entry away: sessions come and go.</summary>
    private void Leave(string session, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users == 0)
            {
                _entries.Remove(session);
                entry.Free.Dispose();
            }
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Inside(SessionLocks locks, string session, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Free.Release();
            locks.Leave(session, entry);
        }
    }
}
