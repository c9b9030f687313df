using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>When the outcome of a task wakes the session at its return address.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WakePolicy>))]
public enum WakePolicy
{
    /// <summary>When every task of its group is settled; a failure does not wait.</summary>
    [JsonStringEnumMemberName("all")] All,

    /// <summary>At once; outcomes within the debounce merge while others are open.</summary>
    [JsonStringEnumMemberName("each")] Each,

    /// <summary>Never by itself: the notice rides with the next wake or is read in the mailbox.</summary>
    [JsonStringEnumMemberName("none")] None,
}
