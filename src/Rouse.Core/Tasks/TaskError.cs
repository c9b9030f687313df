using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>Why an attempt or a task did not succeed.</summary>
/// <param name="Class">Decides whether another attempt may help.</param>
/// <param name="Reason">A short stable word, such as <c>interrupted</c>, <c>unknown-agent</c>, <c>rate-limited</c>.</param>
/// <param name="Message">For people: what happened and to what; never holds a secret.</param>
public sealed record TaskError(FailureClass Class, string Reason, string Message);

/// <summary>What a failure says about trying again.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureClass>))]
public enum FailureClass
{
    /// <summary>Passing: overloaded, rate-limited, connection lost.</summary>
    [JsonStringEnumMemberName("passing")] Passing,

    /// <summary>The provider or the model cannot serve it: quota used up, bad key, unknown model.</summary>
    [JsonStringEnumMemberName("provider")] Provider,

    /// <summary>The request itself is at fault: context overflow, invalid request, unknown agent.</summary>
    [JsonStringEnumMemberName("request")] Request,

    /// <summary>The run was cut off: its process died or its turn was left without an end.</summary>
    [JsonStringEnumMemberName("interrupted")] Interrupted,

    /// <summary>A person or Rouse stopped it.</summary>
    [JsonStringEnumMemberName("aborted")] Aborted,

    /// <summary>A value that this version does not know; the raw text is in the message.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}
