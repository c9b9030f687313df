using System.Text.Json.Nodes;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>How a test wants its OpenCode.</summary>
public sealed record OpenCodeOptions
{
    /// <summary>The base URL of the scripted model.</summary>
    public required Uri Model { get; init; }

    /// <summary>Without one the server is open.</summary>
    public string? Password { get; init; }

    /// <summary>Changes the configuration before it is written, for example to add a tool server.</summary>
    public Action<JsonObject>? Configure { get; init; }

    /// <summary>Added to the process environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
