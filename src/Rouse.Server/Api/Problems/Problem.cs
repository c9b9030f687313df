using System.Text.Json.Serialization;

namespace Rouse.Server;

/// <summary>What went wrong, as RFC 9457 has it. <see cref="Type"/> is for programs and never changes; the texts are for people.</summary>
/// <param name="Type">One of the <c>urn:rouse:...</c> names of <c>docs/http-api.md</c>.</param>
internal sealed record Problem(string Type, string Title, int Status, string? Detail = null)
{
    /// <summary>The field, parameter or header at fault, such as <c>permissions[0].action</c>; the first one where there are several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>Everything that is wrong with the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldProblem>? Errors { get; init; }

    /// <summary>The limit that was hit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Limit { get; init; }

    /// <summary>The value of that limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Value { get; init; }

    /// <summary>With 410: the oldest position that is still kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Oldest { get; init; }

    /// <summary>With 500: names the entry in the node's log.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }

    /// <summary>Sent as <c>Retry-After</c>.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>One thing that is wrong with a request.</summary>
internal sealed record FieldProblem(string Path, string Detail);
