using System.Text.Json;
using System.Text.Json.Serialization;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>
/// What goes over the wire: camelCase, every field always there, null where there is nothing. The views of the engine are the shapes of the API.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(UtcTimeConverter)], NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(DelegationRequest))]
[JsonSerializable(typeof(AcknowledgementBody))]
[JsonSerializable(typeof(CancelBody))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(Page<SessionView>))]
[JsonSerializable(typeof(DelegationReply))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(Page<TaskView>))]
[JsonSerializable(typeof(OutputReply))]
[JsonSerializable(typeof(Page<CancelledTask>))]
[JsonSerializable(typeof(Page<NoticeView>))]
[JsonSerializable(typeof(WakeView))]
[JsonSerializable(typeof(Page<WakeView>))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(AliveReply))]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext;
