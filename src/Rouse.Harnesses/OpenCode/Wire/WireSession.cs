using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rouse.Harnesses.OpenCode.Wire;

/// <summary>A session as the API shows it.</summary>
internal sealed record WireSession
{
    public string? Id { get; init; }

    public string? Directory { get; init; }

    [JsonPropertyName("parentID")]
    public string? ParentId { get; init; }

    public IReadOnlyList<WireRule>? Permission { get; init; }

    /// <summary>Whatever its creator put there; Rouse's own is below <c>rouse</c>.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The key that Rouse created it with; null for a session of someone else's.</summary>
    [JsonIgnore]
    public string? Key =>
        Metadata is { ValueKind: JsonValueKind.Object } metadata
        && metadata.TryGetProperty("rouse", out var rouse) && rouse.ValueKind == JsonValueKind.Object
        && rouse.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.String
            ? key.GetString()
            : null;
}

internal sealed record WireRule(string? Permission, string? Pattern, string? Action);

/// <summary>What a session does now. One that is idle is not listed at all.</summary>
internal sealed record WireStatus(string? Type, int? Attempt, string? Message);

internal sealed record WireTodo(string? Content, string? Status);

internal sealed record WireAgent(string? Name, bool? Hidden);

internal sealed record WireProviders(IReadOnlyList<WireProvider>? Providers);

internal sealed record WireProvider(string? Id, IReadOnlyDictionary<string, JsonElement>? Models);
