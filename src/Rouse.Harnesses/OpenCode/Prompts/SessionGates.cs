namespace Rouse.Harnesses.OpenCode.Prompts;

/// <summary>Lets one at a time into a session. OpenCode has no such lock: two that both looked first would both be sent (HARN-6).</summary>
internal sealed class SessionGates
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits for whoever is in; dispose of the result to leave.</summary>
    public async ValueTask<IDisposable> EnterAsync(string session, CancellationToken cancellationToken)
    {
        var gate = Join(session);
        try
        {
            await gate.Free.WaitAsync(cancellationToken);
            return new Inside(this, session, gate);
        }
        catch (OperationCanceledException)
        {
            Leave(session, gate);
            throw;
        }
    }

    private Gate Join(string session)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(session, out var gate))
            {
                _gates[session] = gate = new Gate();
            }

            gate.Users++;
            return gate;
        }
    }

    /// <summary>The last one takes the gate away: sessions come and go.</summary>
    private void Leave(string session, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Users == 0)
            {
                _gates.Remove(session);
                gate.Free.Dispose();
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Inside(SessionGates gates, string session, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Free.Release();
            gates.Leave(session, gate);
        }
    }
}
