using System.Text.Json.Serialization;

namespace Rouse.Harnesses.OpenCode.Wire;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireSession))]
[JsonSerializable(typeof(List<WireSession>))]
[JsonSerializable(typeof(WireMessage))]
[JsonSerializable(typeof(List<WireMessage>))]
[JsonSerializable(typeof(Dictionary<string, WireStatus>))]
[JsonSerializable(typeof(List<WireQuestion>))]
[JsonSerializable(typeof(List<WirePermission>))]
[JsonSerializable(typeof(List<WireTodo>))]
[JsonSerializable(typeof(List<WireAgent>))]
[JsonSerializable(typeof(WireProviders))]
[JsonSerializable(typeof(WireError))]
[JsonSerializable(typeof(CreateSessionBody))]
[JsonSerializable(typeof(PromptBody))]
[JsonSerializable(typeof(PermissionBody))]
[JsonSerializable(typeof(ReplyBody))]
internal sealed partial class WireJson : JsonSerializerContext;
