namespace Rouse.Simulation;

/// <summary>A timer in virtual time. It behaves as the system's: whole milliseconds, and at most some 49 days ahead.</summary>
internal sealed class SimTimer(SimScheduler scheduler, TimerCallback callback, object? state) : ITimer
{
    private const long MostMilliseconds = 0xFFFFFFFE;
    private TimeSpan _period;
    private bool _disposed;

    /// <summary>Tells the newest setting from those that it replaced.</summary>
    public long Stamp { get; private set; }

    public void Fire()
    {
        if (_period > TimeSpan.Zero)
        {
            scheduler.Set(this, _period);
        }

        callback(state);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        var due = Whole(dueTime, nameof(dueTime));
        _period = Whole(period, nameof(period)) ?? TimeSpan.Zero;
        if (_disposed)
        {
            return false;
        }

        Stamp++;
        if (due is { } at)
        {
            scheduler.Set(this, at);
        }

        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        Stamp++;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static TimeSpan? Whole(TimeSpan span, string name)
    {
        var milliseconds = (long)span.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, MostMilliseconds, name);
        return milliseconds == -1 ? null : TimeSpan.FromMilliseconds(milliseconds);
    }
}
