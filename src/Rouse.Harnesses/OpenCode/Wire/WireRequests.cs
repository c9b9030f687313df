using System.Text.Json.Serialization;

namespace Rouse.Harnesses.OpenCode.Wire;

/// <summary>A question of an agent's that waits for a person.</summary>
internal sealed record WireQuestion
{
    public string? Id { get; init; }

    [JsonPropertyName("sessionID")]
    public string? SessionId { get; init; }

    public IReadOnlyList<WireQuestionText>? Questions { get; init; }

    public WireCall? Tool { get; init; }
}

internal sealed record WireQuestionText(string? Question, string? Header);

/// <summary>A permission that a tool call waits for.</summary>
internal sealed record WirePermission
{
    public string? Id { get; init; }

    [JsonPropertyName("sessionID")]
    public string? SessionId { get; init; }

    public string? Permission { get; init; }

    public IReadOnlyList<string>? Patterns { get; init; }

    public WireCall? Tool { get; init; }
}

/// <summary>The tool call that asks.</summary>
internal sealed record WireCall
{
    [JsonPropertyName("callID")]
    public string? CallId { get; init; }
}

internal sealed record CreateSessionBody
{
    [JsonPropertyName("parentID")]
    public string? ParentId { get; init; }

    public string? Title { get; init; }

    public string? Agent { get; init; }

    public SessionModel? Model { get; init; }

    public required SessionMetadata Metadata { get; init; }

    public required IReadOnlyList<WireRule> Permission { get; init; }
}

/// <summary>The same model as in a prompt; here its own id is called <c>id</c>.</summary>
internal sealed record SessionModel
{
    [JsonPropertyName("providerID")]
    public required string ProviderId { get; init; }

    public required string Id { get; init; }

    public string? Variant { get; init; }
}

internal sealed record SessionMetadata(IReadOnlyDictionary<string, string> Rouse);

internal sealed record PermissionBody(IReadOnlyList<WireRule> Permission);

internal sealed record ReplyBody(string Reply);

internal sealed record PromptBody
{
    [JsonPropertyName("messageID")]
    public required string MessageId { get; init; }

    public string? Agent { get; init; }

    public WireModel? Model { get; init; }

    public string? Variant { get; init; }

    public string? System { get; init; }

    /// <summary>Store it and start no turn.</summary>
    public bool? NoReply { get; init; }

    public required IReadOnlyList<PromptPart> Parts { get; init; }
}

internal sealed record PromptPart
{
    public required string Id { get; init; }

    public string Type { get; init; } = "text";

    public required string Text { get; init; }

    /// <summary>No person wrote it: the model sees it, the terminal interface does not show it as typed.</summary>
    public bool? Synthetic { get; init; }

    public PartMetadata? Metadata { get; init; }
}

internal sealed record PartMetadata(PartOrigin Rouse);

internal sealed record PartOrigin(string Key);
