using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>One stored message. An agent's message grows until it ends; a process that dies leaves it open.</summary>
public sealed class SimMessage
{
    private SeenMessage? _seen;

    public required string Id { get; init; }

    public required MessageOrigin Origin { get; init; }

    /// <summary>When it was stored; storing it once more overwrites that, where the harness does so, and leaves its place.</summary>
    public required DateTimeOffset At { get; set => Set(ref field, value); }

    public string? Key { get; init; }

    /// <summary>It came by a request that was carried out after its sender had given it up.</summary>
    public bool Late { get; set; }

    /// <summary>Of an agent's message: the newest prompt that it answers.</summary>
    public SimMessage? Answers { get; set; }

    public string Text { get; set => Set(ref field, value); } = "";

    public bool Ended { get; set => Set(ref field, value); } = true;

    public bool CallsTools { get; set => Set(ref field, value); }

    public bool ToolOpen { get; set => Set(ref field, value); }

    public bool RanTools { get; set => Set(ref field, value); }

    public bool Truncated { get; set => Set(ref field, value); }

    public TaskError? Error { get; set => Set(ref field, value); }

    /// <summary>As an inspection shows it; made once for as long as it does not change.</summary>
    /// <param name="showsKey">Whether the harness tells Rouse's prompts apart.</param>
    public SeenMessage Seen(bool showsKey) => _seen ??= new SeenMessage
    {
        Id = Id, Origin = Origin, At = At, Key = showsKey ? Key : null, Answers = Answers?.Id, Text = Text, Ended = Ended, CallsTools = CallsTools, ToolOpen = ToolOpen, RanTools = RanTools,
        Truncated = Truncated, Error = Error,
    };

    private void Set<T>(ref T place, T value) => (place, _seen) = (value, null);
}
