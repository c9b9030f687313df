using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>One request for work, as it was made, and what was answered.</summary>
public sealed class Asked(SessionId from, Work work)
{
    public SessionId From => from;

    public Work Work { get; set; } = work;

    /// <summary>Asked for under the same key while nobody knows what became of the first, by a turn that another one overtook: one of them is accepted.</summary>
    public List<Work> Others { get; } = [];

    /// <summary>The handle; null while none was returned.</summary>
    public string? Task { get; set; }
}
