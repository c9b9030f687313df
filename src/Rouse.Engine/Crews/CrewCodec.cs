using System.Collections.Immutable;
using System.Text.Json;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Between a crew in memory and the bytes that the journal keeps of it.</summary>
internal static class CrewCodec
{
    public static Crew Load(StoredCrew stored)
    {
        var crew = stored.Snapshot is { } snapshot ? JsonSerializer.Deserialize(snapshot.Span, CoreJson.Default.Crew)! : Crew.New(stored.Crew);
        foreach (var e in stored.Events)
        {
            crew = crew.Apply(EventCodec.Decode(e.Type, e.Data.Span), e.At);
        }

        return crew;
    }

    public static byte[] WriteSnapshot(Crew crew) => JsonSerializer.SerializeToUtf8Bytes(
        Sabotage.LeavesMailboxesOutOfSnapshots ? crew with { Mailboxes = ImmutableSortedDictionary<int, Mailbox>.Empty }
        : Sabotage.LeavesRoundsOutOfSnapshots ? crew with { Mailboxes = Each(crew.Mailboxes, m => m with { Rounds = null! }) }
        : Sabotage.LeavesReceiptsOutOfSnapshots ? crew with { Wakes = Each(crew.Wakes, w => w with { After = null, Nudged = false }) }
        : Sabotage.LeavesClaimsOutOfSnapshots ? crew with { Tasks = Each(crew.Tasks, t => t with { Attempts = [.. t.Attempts.Select(a => a with { DispatchedAt = null })] }) }
        : crew,
        CoreJson.Default.Crew);

    private static ImmutableSortedDictionary<int, T> Each<T>(ImmutableSortedDictionary<int, T> all, Func<T, T> change) =>
        all.ToImmutableSortedDictionary(x => x.Key, x => change(x.Value));

    public static NewEvent Encode(Event e, DateTimeOffset at) => new(EventCodec.NameOf(e), EventCodec.Encode(e), at);

    public static SessionRow Row(Session s) => new(s.Id, s.Address, JsonSerializer.SerializeToUtf8Bytes(s, CoreJson.Default.Session));

    public static TaskRow Row(AgentTask t) =>
        new(t.Id, t.Spec.From, t.Status, t.CreatedAt, t.Spec.Key, JsonSerializer.SerializeToUtf8Bytes(t, CoreJson.Default.AgentTask));

    public static NoticeRow Row(Notice n) => new(n.Id, n.Session, n.IsOwed, JsonSerializer.SerializeToUtf8Bytes(n, CoreJson.Default.Notice));

    public static WakeRow Row(Wake w) => new(w.Id, w.Session, w.Phase, JsonSerializer.SerializeToUtf8Bytes(w, CoreJson.Default.Wake));

    public static Session Read(SessionRow row) => JsonSerializer.Deserialize(row.Data.Span, CoreJson.Default.Session)!;

    public static AgentTask Read(TaskRow row) => JsonSerializer.Deserialize(row.Data.Span, CoreJson.Default.AgentTask)!;

    public static Notice Read(NoticeRow row) => JsonSerializer.Deserialize(row.Data.Span, CoreJson.Default.Notice)!;

    public static Wake Read(WakeRow row) => JsonSerializer.Deserialize(row.Data.Span, CoreJson.Default.Wake)!;
}
