using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>What an input's sender is told. The hierarchy is closed.</summary>
public abstract record Reply
{
    private Reply()
    {
    }

    /// <summary>Taken; there is nothing to say.</summary>
    public sealed record Done : Reply;

    /// <summary>It does not fit the present state and has changed nothing: late news, or a repetition.</summary>
    public sealed record Ignored(string Why) : Reply;

    public sealed record SessionKnown(Session Session, bool Created) : Reply;

    /// <param name="Created">False when the idempotency key had made the task before.</param>
    public sealed record TaskAccepted(AgentTask Task, bool Created) : Reply;

    public sealed record Cancelled(ImmutableArray<CancelledItem> Items) : Reply;

    /// <summary>The wake is claimed; this is what it brings.</summary>
    public sealed record Leased(Wake Wake) : Reply;

    /// <summary>Nothing is decided yet: look again.</summary>
    /// <param name="After">How long from now; null when the next signal is enough.</param>
    public sealed record LookAgain(TimeSpan? After, string Why) : Reply;

    /// <summary>The prompt is stored and was never run: deliver it again under its key.</summary>
    public sealed record RunAgain : Reply;

    /// <summary>The turn after the wake ended without output: send the one nudge.</summary>
    public sealed record Nudge(Wake Wake, string Reason) : Reply;

    /// <summary>A command was refused.</summary>
    public sealed record Refused(RefusalReason Reason) : Reply;
}

/// <param name="Before">The status before the input.</param>
public sealed record CancelledItem(TaskId Task, AgentTaskStatus Before, AgentTaskStatus Now);

/// <summary>Why a command was refused.</summary>
/// <param name="Type">A stable word.</param>
/// <param name="Limit">The limit's name and value, where one was hit.</param>
public sealed record RefusalReason(string Type, string Detail, string? Limit = null, long? Value = null);
