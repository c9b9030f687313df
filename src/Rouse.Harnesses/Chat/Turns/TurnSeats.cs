namespace Rouse.Harnesses.Chat.Turns;

/// <summary>The right to add to a session and to run its turn. Each session has one, and one at a time holds it.</summary>
internal sealed class TurnSeats
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TurnSeat> _taken = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>Null when another holds it, or when no more turns are begun.</summary>
    public TurnSeat? TryTake(string sessionId)
    {
        lock (_lock)
        {
            if (_closed || _taken.ContainsKey(sessionId))
            {
                return null;
            }

            return _taken[sessionId] = new TurnSeat(this, sessionId);
        }
    }

    public TurnSeat? Find(string sessionId)
    {
        lock (_lock)
        {
            return _taken.GetValueOrDefault(sessionId);
        }
    }

    /// <summary>From now on nobody gets one. Returns a task that ends when all have been left.</summary>
    public Task Close()
    {
        lock (_lock)
        {
            _closed = true;
            return Task.WhenAll(_taken.Values.Select(s => s.Left));
        }
    }

    internal void Leave(TurnSeat seat)
    {
        lock (_lock)
        {
            _taken.Remove(seat.SessionId);
        }
    }
}

/// <summary>The seat of one session, taken until it is disposed.</summary>
internal sealed class TurnSeat(TurnSeats seats, string sessionId) : IDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string SessionId { get; } = sessionId;

    /// <summary>A turn runs in it.</summary>
    public bool Runs { get; set; }

    /// <summary>Cancelled when somebody stops the turn.</summary>
    public CancellationToken Aborted => _abort.Token;

    /// <summary>Ends when the seat is left.</summary>
    public Task Left => _left.Task;

    public void Abort() => _abort.Cancel();

    // The token source holds no timer and no handle, and who found the seat may still abort it: it is left to the collector.
    public void Dispose()
    {
        seats.Leave(this);
        _left.TrySetResult();
    }
}
