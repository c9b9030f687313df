namespace Rouse.Core;

/// <summary>The limits and watches that decisions are made with. All are configurable; the values here are the defaults.</summary>
public sealed record Rules
{
    public static Rules Default { get; } = new();

    /// <summary>How deep delegations may nest: a root may delegate at 1.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Open tasks in one crew; 0 for no limit.</summary>
    public int OpenDescendants { get; init; }

    /// <summary>How long outcomes under the policy <c>each</c> wait for others while others are open.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A person's message this recent closes the gate; zero switches the window off.</summary>
    public TimeSpan PersonWindow { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A read-back that finds nothing decides only after this much quiet.</summary>
    public TimeSpan ReadBackQuiet { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An idle session without output is looked at again after this long, and failed when nothing has changed.</summary>
    public TimeSpan EmptyAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>An idle hint this early after the start, with no output yet, says nothing.</summary>
    public TimeSpan EarlyIdle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Open todos hold completion back for this long at most.</summary>
    public TimeSpan TodoGrace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>No progress for this long while running.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromMinutes(45);

    /// <summary>No progress at all for this long after the prompt was admitted.</summary>
    public TimeSpan FirstProgressAfter { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>One open, silent tool call may take this long.</summary>
    public TimeSpan ToolStallAfter { get; init; } = TimeSpan.FromHours(2);

    /// <summary>A session that is missing this long, over at least <see cref="GoneMisses"/> looks, is gone.</summary>
    public TimeSpan GoneAfter { get; init; } = TimeSpan.FromSeconds(60);

    public int GoneMisses { get; init; } = 3;

    /// <summary>An instance that stays unreachable for this long loses its tasks.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A session woken this often within <see cref="LoopWindow"/> with no person's message is parked.</summary>
    public int LoopWakes { get; init; } = 30;

    public TimeSpan LoopWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Results up to this many bytes of UTF-8 are told whole in a wake.</summary>
    public int InlineResult { get; init; } = 8 * 1024;
}
