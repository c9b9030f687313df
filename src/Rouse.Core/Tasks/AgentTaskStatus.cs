using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Where a task stands. The last four are terminal: a run that reached one of them never leaves it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AgentTaskStatus>))]
public enum AgentTaskStatus
{
    /// <summary>Accepted and durable; waits for its lanes.</summary>
    [JsonStringEnumMemberName("queued")] Queued,

    /// <summary>Holds its slots; its session is being created or its prompt is on its way.</summary>
    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>Its prompt was admitted and read back.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>Its session is idle with output, and work that it delegated in turn is still open. Holds no slot.</summary>
    [JsonStringEnumMemberName("settling")] Settling,

    [JsonStringEnumMemberName("completed")] Completed,

    [JsonStringEnumMemberName("failed")] Failed,

    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>The world could not be read any more: nobody knows how the work ended.</summary>
    [JsonStringEnumMemberName("lost")] Lost,
}
