using System.Text.Json.Serialization;

namespace Rouse.Engine;

/// <summary>The form in which a request is hashed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DelegationRequest))]
internal sealed partial class EngineJson : JsonSerializerContext;
