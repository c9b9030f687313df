using System.Text.Json;
using System.Text.Json.Serialization;
using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>The JSON of an obligation in the file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Obligation))]
internal sealed partial class ObligationJson : JsonSerializerContext
{
    public static byte[] Write(Obligation obligation) => JsonSerializer.SerializeToUtf8Bytes(obligation, Default.Obligation);

    public static Obligation Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Default.Obligation) ?? throw new JsonException("An obligation is null.");
}
