using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rouse.Core;

/// <summary>
/// Writes events as JSON under stable names and reads them back. A name of a newer version becomes an <see cref="UnknownEvent"/> that is
/// written again as it was; fields of a newer version are ignored, and missing ones get their defaults.
/// </summary>
public static class EventCodec
{
    private static readonly (string Name, JsonTypeInfo Info)[] Known =
    [
        ("session.registered", CoreJson.Default.SessionRegistered),
        ("session.gone", CoreJson.Default.SessionGone),
        ("task.delegated", CoreJson.Default.TaskDelegated),
        ("task.settling", CoreJson.Default.TaskSettling),
        ("task.resumed", CoreJson.Default.TaskResumed),
        ("task.settled", CoreJson.Default.TaskSettled),
        ("task.late-result", CoreJson.Default.LateResultKept),
        ("attempt.started", CoreJson.Default.AttemptStarted),
        ("attempt.child-created", CoreJson.Default.ChildCreated),
        ("attempt.prompt-dispatched", CoreJson.Default.PromptDispatched),
        ("attempt.prompt-withdrawn", CoreJson.Default.PromptWithdrawn),
        ("attempt.prompt-admitted", CoreJson.Default.PromptAdmitted),
        ("attempt.idle-seen", CoreJson.Default.IdleSeen),
        ("attempt.replaced", CoreJson.Default.AttemptReplaced),
        ("attempt.ended", CoreJson.Default.AttemptEnded),
        ("notice.posted", CoreJson.Default.NoticePosted),
        ("notice.acknowledged", CoreJson.Default.NoticeAcknowledged),
        ("notice.dead-lettered", CoreJson.Default.NoticeDeadLettered),
        ("wake.due", CoreJson.Default.WakeDue),
        ("wake.rescheduled", CoreJson.Default.WakeRescheduled),
        ("wake.dropped", CoreJson.Default.WakeDropped),
        ("wake.held", CoreJson.Default.WakeHeld),
        ("wake.leased", CoreJson.Default.WakeLeased),
        ("wake.released", CoreJson.Default.WakeReleased),
        ("wake.dispatched", CoreJson.Default.WakeDispatched),
        ("wake.admitted", CoreJson.Default.WakeAdmitted),
        ("wake.nudged", CoreJson.Default.WakeNudged),
        ("wake.nudge-withdrawn", CoreJson.Default.WakeNudgeWithdrawn),
        ("wake.consumed", CoreJson.Default.WakeConsumed),
        ("wake.dead-lettered", CoreJson.Default.WakeDeadLettered),
    ];

    private static readonly FrozenDictionary<string, JsonTypeInfo> ByName = Known.ToFrozenDictionary(k => k.Name, k => k.Info, StringComparer.Ordinal);
    private static readonly FrozenDictionary<Type, (string Name, JsonTypeInfo Info)> ByType = Known.ToFrozenDictionary(k => k.Info.Type, k => k);

    /// <summary>The stable names of all events that this version knows.</summary>
    public static IEnumerable<string> Names => Known.Select(k => k.Name);

    public static string NameOf(Event e) => e is UnknownEvent unknown ? unknown.Type : ByType[e.GetType()].Name;

    public static byte[] Encode(Event e) =>
        e is UnknownEvent unknown
            ? JsonSerializer.SerializeToUtf8Bytes(unknown.Data, CoreJson.Default.JsonElement)
            : JsonSerializer.SerializeToUtf8Bytes(e, ByType[e.GetType()].Info);

    /// <exception cref="JsonException">The data of a known name is not what this or an older version wrote.</exception>
    public static Event Decode(string name, ReadOnlySpan<byte> data)
    {
        if (ByName.TryGetValue(name, out var info))
        {
            return (Event?)JsonSerializer.Deserialize(data, info) ?? throw new JsonException($"The event '{name}' is null.");
        }

        return new UnknownEvent(name, JsonSerializer.Deserialize(data, CoreJson.Default.JsonElement));
    }
}
