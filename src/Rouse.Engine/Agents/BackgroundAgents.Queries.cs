using Rouse.Core;

namespace Rouse.Engine;

/// <summary>The queries: they read projections and never wait for a harness.</summary>
internal sealed partial class BackgroundAgents
{
    public IReadOnlyList<InstanceView> Instances =>
        [.. links.All.Select(l => new InstanceView(l.Harness.Instance, l.IsUp, l.Reason, l.Since, l.Harness.Grade))];

    public async Task<SessionView?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) =>
        await journal.FindSessionAsync(session, cancellationToken) is { } row ? ViewFactory.View(CrewCodec.Read(row)) : null;

    public async Task<SessionView?> FindSessionAsync(Address address, CancellationToken cancellationToken) =>
        await journal.FindSessionAsync(address, cancellationToken) is { } row ? ViewFactory.View(CrewCodec.Read(row)) : null;

    public async Task<Page<SessionView>> SessionsAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var rows = await journal.SessionsAsync(after, most + 1, cancellationToken);
        return Paged(rows, most, r => ViewFactory.View(CrewCodec.Read(r)), r => r.Id.ToString());
    }

    public async Task<TaskView?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) =>
        await journal.FindTaskAsync(task, cancellationToken) is { } row ? View(row) : null;

    public async Task<Page<TaskView>> TasksAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        var rows = await journal.TasksAsync(query with { Most = query.Most + 1 }, cancellationToken);
        return Paged(rows, query.Most, View, r => r.Id.ToString());
    }

    public async Task<OutputView?> OutputAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (await journal.FindTaskAsync(task, cancellationToken) is not { } row)
        {
            return null;
        }

        var t = CrewCodec.Read(row);
        var completed = t.Status == AgentTaskStatus.Completed;
        var body = t.Outcome?.Output ?? t.LateResult;
        var text = body is null ? "" : await journal.ReadBodyAsync(body.Hash, cancellationToken) ?? "";
        return new OutputView(Sabotage.CutsTheOutput ? TextBounds.HeadBytes(text, 8192) : text, Partial: !completed && !Sabotage.CallsOutputOfAFailureWhole, t.Outcome?.Truncated ?? false, body?.Size ?? 0);
    }

    public async Task<IReadOnlyList<NoticeView>?> MailboxAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (await journal.FindSessionAsync(session, cancellationToken) is null)
        {
            return null;
        }

        var notices = await journal.NoticesAsync(session, cancellationToken);
        var wakes = await WakesAsync(session, cancellationToken);
        var next = wakes.Values.LastOrDefault(w => w.Phase == WakePhase.Due);
        return [.. notices.Select(CrewCodec.Read).Select(n => ViewFactory.View(n, WakeOf(n)))];

        // A notice that waits is brought by the wake that is owed next, if it starts a turn at all.
        WakeView? WakeOf(Notice n) =>
            (Sabotage.ShowsTheNextWakeForAll && next is not null ? next : n.Wake is { } id ? wakes.GetValueOrDefault(id) : wakes.Values.LastOrDefault(w => w.Notices.Contains(n.Id)) ?? (n is { IsOwed: true, Wakes: true } ? next : null))
            is { } wake ? View(wake) : null;
    }

    public async Task<WakeView?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) =>
        await journal.FindWakeAsync(wake, cancellationToken) is { } row ? View(CrewCodec.Read(row)) : null;

    public async Task<Page<WakeView>> DeadLettersAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var rows = await journal.WakesAsync(session: null, deadLettered: true, after, most + 1, cancellationToken);
        return Paged(rows, most, r => View(CrewCodec.Read(r)), r => r.Id.ToString());
    }

    public async Task<ExplainView?> ExplainAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (await journal.FindTaskAsync(task, cancellationToken) is not { } row)
        {
            return null;
        }

        var t = CrewCodec.Read(row);
        var reasons = new List<string>();
        DateTimeOffset? since = t.SettledAt ?? t.Current.AdmittedAt ?? t.Current.StartedAt ?? t.Current.QueuedAt;
        var tries = 0;
        DateTimeOffset? next = null;
        foreach (var owed in Sabotage.ExplainsNothing ? [] : Crew.Owes(t))
        {
            if (LaneScheduler.Schedules(owed.Kind))
            {
                reasons.Add($"waits for the lanes {string.Join(", ", owed.Lanes)}, place {lanes.PlaceOf(t.Id, owed.Attempt)?.ToString() ?? "next"}{LinkState(owed.Instance)}");
            }
            else if (pump.Look(t.Id.Crew, owed.Key) is { } look)
            {
                reasons.Add($"{owed.Kind.ToString().ToLowerInvariant()}: {Obstacle(look.Reason, owed.Instance) ?? "no obstacle"}");
                tries = Math.Max(tries, look.Tries);
                next = look.Next is { } at && (next is null || at < next) ? at : next;
            }
        }

        if (t.Outcome is { } outcome)
        {
            reasons.Add($"{outcome.Status.ToString().ToLowerInvariant()}{(outcome.Reason is { } r ? $": {r}" : "")}");
        }

        return new ExplainView($"The task is {t.Status.ToString().ToLowerInvariant()}.", reasons, since, tries, next);
    }

    public async Task<ExplainView?> ExplainAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (await journal.FindSessionAsync(session, cancellationToken) is not { } row)
        {
            return null;
        }

        var s = CrewCodec.Read(row);
        var wake = (await WakesAsync(session, cancellationToken)).Values.FirstOrDefault(w => w.IsOpen);
        if (wake is null)
        {
            var waiting = (await journal.NoticesAsync(session, cancellationToken)).Count(n => n.Owed);
            var open = await journal.TasksAsync(new TaskQuery(session, Crew: null, OpenStatuses, After: null, Most: 100), cancellationToken);
            return new ExplainView(
                s.IsGone ? "The session is gone." : "No wake is owed now.",
                [.. new[] { waiting > 0 ? $"{waiting} notices wait in the mailbox" : null, open.Count > 0 ? $"{open.Count} tasks are open: {string.Join(", ", open.Select(t => t.Id))}" : null }.OfType<string>()],
                s.GoneAt, Tries: 0, NextLook: null);
        }

        var look = Look(wake);
        var reasons = new List<string>();
        if (wake.Hold is { } hold)
        {
            reasons.Add($"held: {hold.Reason}");
        }

        if (Obstacle(look?.Reason, s.Address.Instance) is { } obstacle && obstacle != wake.Hold?.Reason)
        {
            reasons.Add(obstacle);
        }

        return new ExplainView($"{wake.Id} is {wake.Phase.ToString().ToLowerInvariant()}.", reasons, wake.Hold?.Since ?? wake.Receipt[^1].At, wake.Sends, look?.Next);
    }

    public IAsyncEnumerable<EventView> EventsAsync(long? after, CancellationToken cancellationToken) => feed.ReadAsync(after, cancellationToken);

    private static readonly AgentTaskStatus[] OpenStatuses = [AgentTaskStatus.Queued, AgentTaskStatus.Starting, AgentTaskStatus.Running, AgentTaskStatus.Settling];

    private async Task<SortedDictionary<WakeId, Wake>> WakesAsync(SessionId session, CancellationToken cancellationToken)
    {
        var all = new SortedDictionary<WakeId, Wake>();
        string? after = null;
        while (true)
        {
            var page = await journal.WakesAsync(session, deadLettered: null, after, 500, cancellationToken);
            foreach (var row in page)
            {
                all[row.Id] = CrewCodec.Read(row);
            }

            if (page.Count < 500)
            {
                return all;
            }

            after = page[^1].Id.ToString();
        }
    }

    private TaskView View(TaskRow row)
    {
        var task = CrewCodec.Read(row);
        return ViewFactory.View(task, task.Status == AgentTaskStatus.Queued ? lanes.PlaceOf(task.Id, task.Current.Number) : null);
    }

    /// <summary>A wake whose instance is down shows that, though no try and no commit is spent on it.</summary>
    private WakeView View(Wake wake) => ViewFactory.View(wake, Look(wake) is { Reason: Performed.InstanceDown and var down } ? new Hold(down, wake.Receipt[^1].At) : null);

    private (string? Reason, int Tries, DateTimeOffset? Next)? Look(Wake wake) =>
        !wake.IsOpen ? null
        : pump.Look(wake.Id.Crew, new ObligationKey(wake.Phase is WakePhase.Due or WakePhase.Leased ? ObligationKind.Deliver : ObligationKind.Confirm, wake.Id.Number, 0));

    /// <summary>What is in the way now: what was there before an instance went down says nothing any more.</summary>
    private string? Obstacle(string? reason, string? instance) => LinkState(instance) is { Length: > 0 } down ? Performed.InstanceDown + down : reason;

    private string LinkState(string? instance) =>
        instance is not null && links.Find(instance) is { IsUp: false } link ? $" ({instance} is down since {link.Since:O}: {link.Reason})" : "";

    private static Page<TView> Paged<TRow, TView>(IReadOnlyList<TRow> rows, int most, Func<TRow, TView> view, Func<TRow, string> cursor) =>
        new([.. rows.Take(most).Select(view)], rows.Count > most ? cursor(rows[most - (Sabotage.SkipsARowBetweenPages ? 0 : 1)]) : null);
}
