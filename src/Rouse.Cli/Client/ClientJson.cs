using System.Text.Json;
using System.Text.Json.Serialization;
using Rouse.Engine;

namespace Rouse.Cli.Client;

/// <summary>What the API answers, with every field there as the API has it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DelegatedReply))]
[JsonSerializable(typeof(CancelReply))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(OutputView))]
[JsonSerializable(typeof(WakeView))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(Page<SessionView>))]
[JsonSerializable(typeof(Page<TaskView>))]
[JsonSerializable(typeof(Page<WakeView>))]
[JsonSerializable(typeof(Page<NoticeView>))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ClientJson : JsonSerializerContext;
