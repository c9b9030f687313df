using System.Text.Json;
using System.Text.Json.Serialization;
using Rouse.Harnesses.Processes;

namespace Rouse.Harnesses.OpenCode.Server;

/// <summary>A running server, as the next Rouse needs to know it. Holds the password, hence is readable by its owner alone.</summary>
internal sealed record ServerRecord(ProcessIdentity Process, Uri Url, string Password)
{
    /// <summary>Without the password: records are printed.</summary>
    public override string ToString() => $"{Url} (process {Process.Id})";

    /// <summary>Null where there is none, or none that can be read: then nothing is known of a server.</summary>
    public static async ValueTask<ServerRecord?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var record = JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, cancellationToken), ServerRecordJson.Default.ServerRecord);
            return record is { Process: not null, Url: not null, Password: not null } ? record : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public ValueTask WriteAsync(string path, CancellationToken cancellationToken) =>
        PrivateFile.WriteAsync(path, JsonSerializer.Serialize(this, ServerRecordJson.Default.ServerRecord), cancellationToken);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ServerRecord))]
internal sealed partial class ServerRecordJson : JsonSerializerContext;
