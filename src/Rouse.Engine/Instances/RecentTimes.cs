namespace Rouse.Engine;

/// <summary>When something happened to each session last, for as long as it matters. Safe for use by several threads.</summary>
/// <param name="kept">For how long it matters.</param>
internal sealed class RecentTimes(TimeSpan kept, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);
    private readonly Queue<(string Session, long At)> _order = new();

    /// <summary>It happens now.</summary>
    public void Note(string session)
    {
        lock (_gate)
        {
            ForgetOld();
            var now = time.GetTimestamp();
            _last[session] = now;
            _order.Enqueue((session, now));
        }
    }

    /// <summary>As <see cref="TimeProvider.GetTimestamp"/> said then; null when it did not happen, or so long ago that it matters no more.</summary>
    public long? Of(string session)
    {
        lock (_gate)
        {
            ForgetOld();
            return _last.TryGetValue(session, out var at) ? at : null;
        }
    }

    private void ForgetOld()
    {
        while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= kept)
        {
            _order.Dequeue();
            if (_last.TryGetValue(oldest.Session, out var at) && at == oldest.At)
            {
                _last.Remove(oldest.Session);
            }
        }
    }
}
