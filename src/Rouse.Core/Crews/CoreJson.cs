using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>How the core's records are written: camelCase, nulls left out. The names are part of what is stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SessionRegistered))]
[JsonSerializable(typeof(SessionGone))]
[JsonSerializable(typeof(TaskDelegated))]
[JsonSerializable(typeof(TaskSettling))]
[JsonSerializable(typeof(TaskResumed))]
[JsonSerializable(typeof(TaskSettled))]
[JsonSerializable(typeof(LateResultKept))]
[JsonSerializable(typeof(AttemptStarted))]
[JsonSerializable(typeof(ChildCreated))]
[JsonSerializable(typeof(PromptDispatched))]
[JsonSerializable(typeof(PromptWithdrawn))]
[JsonSerializable(typeof(PromptAdmitted))]
[JsonSerializable(typeof(IdleSeen))]
[JsonSerializable(typeof(AttemptReplaced))]
[JsonSerializable(typeof(AttemptEnded))]
[JsonSerializable(typeof(NoticePosted))]
[JsonSerializable(typeof(NoticeAcknowledged))]
[JsonSerializable(typeof(NoticeDeadLettered))]
[JsonSerializable(typeof(WakeDue))]
[JsonSerializable(typeof(WakeRescheduled))]
[JsonSerializable(typeof(WakeDropped))]
[JsonSerializable(typeof(WakeHeld))]
[JsonSerializable(typeof(WakeLeased))]
[JsonSerializable(typeof(WakeReleased))]
[JsonSerializable(typeof(WakeDispatched))]
[JsonSerializable(typeof(WakeAdmitted))]
[JsonSerializable(typeof(WakeNudged))]
[JsonSerializable(typeof(WakeNudgeWithdrawn))]
[JsonSerializable(typeof(WakeConsumed))]
[JsonSerializable(typeof(WakeDeadLettered))]
[JsonSerializable(typeof(Crew))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(AgentTask))]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(Wake))]
[JsonSerializable(typeof(Obligation))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class CoreJson : JsonSerializerContext;
