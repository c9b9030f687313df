using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Server;

/// <summary>The statuses by the words that the API uses for them.</summary>
internal static class TaskStatuses
{
    public static readonly ImmutableSortedDictionary<string, AgentTaskStatus> ByWord =
        Enum.GetValues<AgentTaskStatus>().ToImmutableSortedDictionary(s => s.ToString().ToLowerInvariant(), s => s, StringComparer.Ordinal);
}
