using System.Text.Json.Serialization;

namespace Rouse.Harnesses.OpenCode.Wire;

/// <summary>A stored message and its parts. Only what Rouse judges by is read; unknown fields and kinds of parts pass by.</summary>
internal sealed record WireMessage
{
    public WireInfo? Info { get; init; }

    public IReadOnlyList<WirePart>? Parts { get; init; }
}

internal sealed record WireInfo
{
    public string? Id { get; init; }

    [JsonPropertyName("sessionID")]
    public string? SessionId { get; init; }

    /// <summary><c>user</c> or <c>assistant</c>.</summary>
    public string? Role { get; init; }

    public WireTime? Time { get; init; }

    /// <summary>On an answer: the newest prompt that it answers.</summary>
    [JsonPropertyName("parentID")]
    public string? ParentId { get; init; }

    public string? Agent { get; init; }

    /// <summary>On a prompt: what it was sent with.</summary>
    public WireModel? Model { get; init; }

    public string? System { get; init; }

    public string? Finish { get; init; }

    /// <summary>
    /// On an answer, <c>true</c> marks the summary of a compaction; on a prompt it is an object with other content.
    /// </summary>
    public System.Text.Json.JsonElement? Summary { get; init; }

    public WireError? Error { get; init; }

    public WireTokens? Tokens { get; init; }

    public decimal? Cost { get; init; }
}

internal sealed record WireTime(double? Created, double? Completed);

internal sealed record WireModel
{
    [JsonPropertyName("providerID")]
    public string? ProviderId { get; init; }

    [JsonPropertyName("modelID")]
    public string? ModelId { get; init; }

    public string? Variant { get; init; }
}

internal sealed record WireTokens(double? Input, double? Output, double? Reasoning, WireCache? Cache);

internal sealed record WireCache(double? Read, double? Write);

internal sealed record WireError(string? Name, WireErrorData? Data);

internal sealed record WireErrorData(string? Message, int? StatusCode, bool? IsRetryable);

internal sealed record WirePart
{
    public string? Id { get; init; }

    public string? Type { get; init; }

    public string? Text { get; init; }

    public bool? Synthetic { get; init; }

    /// <summary>Shown to people only; the model never sees it.</summary>
    public bool? Ignored { get; init; }

    [JsonPropertyName("callID")]
    public string? CallId { get; init; }

    public WireToolState? State { get; init; }
}

/// <param name="Status"><c>pending</c>, <c>running</c>, <c>completed</c> or <c>error</c>.</param>
internal sealed record WireToolState(string? Status, string? Error);
