using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Makes one commit of the decisions of a batch: only what was touched is written.</summary>
internal static class CommitBuilder
{
    public static Commit Build(Crew before, Crew after, IReadOnlyList<Decision> decisions, DateTimeOffset now, LaneLimits lanes, bool snapshot)
    {
        var touched = decisions.Aggregate(Touched.Nothing, (all, d) => all.Union(d.Touched));
        var (owed, settled) = Crew.Difference(before, after, touched);
        var had = touched.Tasks.SelectMany(n => SlotsOf(before, n)).ToHashSet();
        var has = touched.Tasks.SelectMany(n => SlotsOf(after, n)).ToHashSet();
        var taken = has.Where(s => !had.Contains(s)).ToList();
        return new Commit
        {
            Crew = after.Id,
            ExpectedVersion = before.Version,
            Events = [.. decisions.SelectMany(d => d.Events).Select(e => CrewCodec.Encode(e, now))],
            Bodies = [.. decisions.SelectMany(d => d.Bodies)],
            Sessions = [.. touched.Sessions.Where(n => after.Sessions.TryGetValue(n, out var s) && !(Sabotage.HidesThatASessionIsGone && s.IsGone))
                .Select(n => CrewCodec.Row(after.Sessions[n]))],
            Tasks = [.. touched.Tasks.Where(after.Tasks.ContainsKey).Select(n => CrewCodec.Row(Shown(after.Tasks[n])))],
            Notices = [.. touched.Notices.Where(n => after.Notices.TryGetValue(n, out var notice) && !(Sabotage.HidesThatANoticeWasRead && notice.State == NoticeState.Consumed))
                .Select(n => CrewCodec.Row(after.Notices[n]))],
            Wakes = [.. touched.Wakes.Select(n => Listed(before, after, n)).OfType<Wake>().Select(CrewCodec.Row)],
            Owed = owed,
            Settled = settled,
            SlotsTaken = taken,
            SlotsFreed = [.. had.Where(s => !has.Contains(s))],
            Guards = [.. taken.Select(s => s.Lane).Distinct(StringComparer.Ordinal).Where(l => lanes.LimitOf(l) is not null && !Sabotage.LeavesOutTheLaneGuard)
                .Select(l => new LaneGuard(l, lanes.LimitOf(l)!.Value))],
            Snapshot = snapshot ? new ReadOnlyMemory<byte>?(CrewCodec.WriteSnapshot(after.Forget())) : null,
        };
    }

    private static AgentTask Shown(AgentTask task) =>
        Sabotage.HidesWhyAnAttemptFailed ? task with { Attempts = [.. task.Attempts.Select(a => a with { Error = null })] } : task;

    private static Wake? Listed(Crew before, Crew after, int number) =>
        Sabotage.HidesDeadLetters && after.Wakes.GetValueOrDefault(number) is { DeadLetter: not null } ? null : after.Wakes.GetValueOrDefault(number) ?? Dropped(before, number);

    /// <summary>A wake that found nothing left to bring is over: its row says so.</summary>
    private static Wake? Dropped(Crew before, int number) =>
        before.Wakes.GetValueOrDefault(number) is { } wake ? wake with { Phase = WakePhase.Consumed, DueAt = null, Hold = null } : null;

    private static IEnumerable<Slot> SlotsOf(Crew crew, int number) =>
        crew.Tasks.GetValueOrDefault(number) is { } task
            ? task.Attempts.Where(task.Holds).SelectMany(a => a.Lanes.Select(l => new Slot(l, task.Id, a.Number)))
            : [];
}
