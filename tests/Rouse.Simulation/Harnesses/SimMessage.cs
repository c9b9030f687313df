using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>One stored message. An agent's message grows until it ends; a process that dies leaves it open.</summary>
public sealed class SimMessage
{
    public required string Id { get; init; }

    public required MessageOrigin Origin { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Key { get; init; }

    public string Text { get; set; } = "";

    /// <summary>For a prompt: it came by a request that was carried out after its sender had given it up.</summary>
    public bool Late { get; init; }

    /// <summary>For a prompt: a turn for it ran tools or said something.</summary>
    public bool HadEffects { get; set; }

    public bool Ended { get; set; } = true;

    public bool CallsTools { get; set; }

    public bool ToolOpen { get; set; }

    public bool RanTools { get; set; }

    public bool Truncated { get; set; }

    public TaskError? Error { get; set; }

    public SeenMessage Seen() => new()
    {
        Id = Id, Origin = Origin, At = At, Key = Key, Text = Text, Ended = Ended, CallsTools = CallsTools, ToolOpen = ToolOpen, RanTools = RanTools,
        Truncated = Truncated, Error = Error,
    };
}
