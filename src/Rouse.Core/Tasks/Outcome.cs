namespace Rouse.Core;

/// <summary>How a run ended. A run has exactly one (invariant 2).</summary>
public sealed record Outcome
{
    /// <summary>One of the terminal statuses.</summary>
    public required AgentTaskStatus Status { get; init; }

    /// <summary>A short stable word where the status alone does not say why.</summary>
    public string? Reason { get; init; }

    public TaskError? Error { get; init; }

    /// <summary>What the run produced; null where it produced nothing.</summary>
    public BodyRef? Output { get; init; }

    /// <summary>The output is what had been produced when the run ended otherwise than Completed.</summary>
    public bool Partial { get; init; }

    /// <summary>The last turn ended at a length or step limit.</summary>
    public bool Truncated { get; init; }

    public Usage? Usage { get; init; }
}

/// <summary>What the harness reported as used; null figures were not reported.</summary>
public sealed record Usage(long? InputTokens, long? OutputTokens, decimal? Cost);
