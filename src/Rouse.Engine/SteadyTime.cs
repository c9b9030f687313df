namespace Rouse.Engine;

/// <summary>
/// A clock that goes on from where it was made, whatever becomes of the time of day. What the shell waits for, it waits for by this one; the time of day,
/// which people and network time services set forward and back, is for what is written down. What a decision must remember over a restart (since when a
/// session is idle) is written down too: there a clock that is set forward shortens the patience.
/// </summary>
internal sealed class SteadyTime(TimeProvider time) : TimeProvider
{
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly long _at = time.GetTimestamp();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _began + time.GetElapsedTime(_at);

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
