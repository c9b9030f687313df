using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// When each obligation is performed next, by the steady time. Only a deadline is a time of day: it moves when the clock is set. Not thread-safe; the pump
/// guards it.
/// </summary>
/// <param name="clock">The time of day, by which dues are written down.</param>
/// <param name="time">The steady time, by which they are waited for.</param>
internal sealed class Schedule(Rules rules, TimeProvider clock, SteadyTime time)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(7);

    /// <summary>Nobody tells that the clock was set, or that the computer slept: while a deadline is owed, the clock is looked at this often.</summary>
    private static readonly TimeSpan LookAtTheClock = TimeSpan.FromMinutes(1);

    /// <summary>The time of day was set when it moves this far against the steady time.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);

    private readonly PriorityQueue<(Entry Entry, long Stamp), (long Due, long Order)> _queue = new();
    private TimeSpan _ahead = clock.GetUtcNow() - time.GetUtcNow();
    private long _order;

    /// <summary>Takes over the due time that was written down.</summary>
    public void SetDue(Entry entry)
    {
        var obligation = entry.Performance.Obligation;
        var now = clock.GetUtcNow();
        var wait = obligation.Kind != ObligationKind.Deadline ? Wake.WaitUntil(obligation.Due, now, rules)
            : obligation.Due > now ? obligation.Due - now
            : TimeSpan.Zero;
        entry.Due = time.GetUtcNow() + wait;
    }

    /// <summary>It is performed at its due time, or as soon as it is no longer being performed.</summary>
    public void Put(Entry entry) => Put(entry, entry.Due);

    /// <summary>It is performed at this time, and not before it is due; or as soon as it is no longer being performed.</summary>
    public void Put(Entry entry, DateTimeOffset at)
    {
        if (entry.Running)
        {
            entry.Again = !Sabotage.MissesASignalWhileAtWork;
            return;
        }

        entry.NextAt = at > entry.Due ? at : entry.Due;
        entry.Stamp++;
        entry.Parked = false;
        _queue.Enqueue((entry, entry.Stamp), (entry.NextAt.UtcTicks, ++_order));
    }

    /// <summary>Takes the next one that is due; null when none is.</summary>
    public Entry? Take()
    {
        DropVoid();
        if (!_queue.TryPeek(out var next, out var key) || key.Due > time.GetUtcNow().UtcTicks)
        {
            return null;
        }

        _queue.Dequeue();
        next.Entry.NextAt = DateTimeOffset.MaxValue;
        return next.Entry;
    }

    /// <summary>For how long there is nothing to do; null when nothing is scheduled.</summary>
    /// <param name="hasDeadlines">Whether a time of day is waited for.</param>
    /// <remarks>Timers cut to whole milliseconds, and would come back before the time over and over; they reach some weeks ahead, and no further.</remarks>
    public TimeSpan? Sleep(bool hasDeadlines)
    {
        DropVoid();
        if (!_queue.TryPeek(out _, out var key))
        {
            return null;
        }

        var until = TimeSpan.FromTicks(key.Due - time.GetUtcNow().UtcTicks);
        var most = hasDeadlines ? LookAtTheClock : LongestSleep;
        return until < most ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(until.TotalMilliseconds))) : most;
    }

    /// <summary>Whether the time of day was set, or the computer slept: deadlines come sooner then, or later. Says so once.</summary>
    public bool HasJumped()
    {
        var ahead = clock.GetUtcNow() - time.GetUtcNow();
        var jumped = (ahead - _ahead).Duration() >= Jump;
        _ahead = jumped ? ahead : _ahead;
        return jumped;
    }

    /// <summary>The time of day at which an obligation is performed next; null when no time is set for it.</summary>
    public DateTimeOffset? NextOf(Entry entry) => entry.NextAt == DateTimeOffset.MaxValue ? null : entry.NextAt + _ahead;

    private void DropVoid()
    {
        while (_queue.TryPeek(out var next, out _) && next.Stamp != next.Entry.Stamp)
        {
            _queue.Dequeue();
        }
    }
}
