using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rouse.Cli.Client;

/// <summary>What is sent: what was not said is left out, and so left to the server.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NewSessionBody))]
[JsonSerializable(typeof(DelegationBody))]
internal sealed partial class BodyJson : JsonSerializerContext;
