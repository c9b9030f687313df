namespace Rouse.Engine;

/// <summary>
/// Until when a prompt may still arrive at a session although nobody waits for its answer any more: the call broke, or the process that made it died.
/// What died before this one was made is not known by session, so that each session may get such a prompt for a while. Safe for use by several threads.
/// </summary>
/// <param name="quiet">How long a request may be on its way.</param>
internal sealed class UnknownSends(TimeSpan quiet, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sent = new(StringComparer.Ordinal);
    private readonly Queue<(string Session, long At)> _order = new();
    private readonly long _made = time.GetTimestamp();

    /// <summary>A prompt to this session was not answered.</summary>
    public void Add(string session)
    {
        lock (_gate)
        {
            ForgetArrived();
            var now = time.GetTimestamp();
            _sent[session] = now;
            _order.Enqueue((session, now));
        }
    }

    /// <summary>For how long a prompt may still arrive at this session; zero when none can.</summary>
    public TimeSpan WaitFor(string session)
    {
        lock (_gate)
        {
            ForgetArrived();
            var left = quiet - time.GetElapsedTime(_sent.TryGetValue(session, out var at) ? at : _made);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void ForgetArrived()
    {
        while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= quiet)
        {
            _order.Dequeue();
            if (_sent.TryGetValue(oldest.Session, out var at) && at == oldest.At)
            {
                _sent.Remove(oldest.Session);
            }
        }
    }
}
