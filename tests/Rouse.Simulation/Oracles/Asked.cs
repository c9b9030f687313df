using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>One request for work, as it was made, and what was answered.</summary>
public sealed class Asked(SessionId from, Work work)
{
    public SessionId From => from;

    public Work Work => work;

    /// <summary>The handle; null while none was returned.</summary>
    public string? Task { get; set; }
}
