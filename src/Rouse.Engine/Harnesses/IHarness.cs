using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// One reachable instance of a harness. An adapter owns everything particular to its harness; the engine knows none by name.
/// </summary>
/// <remarks>
/// Thread-safe. Every call ends within a deadline of the adapter's own, also when the harness hangs, and reports what is known instead of
/// throwing: exceptions other than cancellation are defects.
/// </remarks>
public interface IHarness : IAsyncDisposable
{
    /// <summary>The configured name, such as <c>opencode@main</c>.</summary>
    string Instance { get; }

    /// <summary>What the adapter guarantees, and why.</summary>
    HarnessGrade Grade { get; }

    /// <summary>
    /// Creates a session, or finds the one that was created with the same key before. Durable in the harness before it returns.
    /// </summary>
    ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken);

    /// <summary>
    /// Brings a prompt into the session's history under its key and lets the agent run it. Looks first: a prompt that is stored already is
    /// never stored again; one that is stored and was never run is run; one that was run is left alone.
    /// </summary>
    ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken);

    /// <summary>
    /// Looks for a key in the stored history. The read-back after every send; never called where the grade is <see cref="DeliveryGrade.AtMostOnce"/>.
    /// </summary>
    ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken);

    /// <summary>Reads the session as it is now, from the process that runs it.</summary>
    ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken);

    /// <summary>
    /// What happens on the instance, over one connection, until cancelled; the adapter reconnects by itself with back-off. Emits
    /// <see cref="HarnessSignal.Connected"/> whenever signals may have been missed before it, and <see cref="HarnessSignal.Disconnected"/>
    /// when the connection is lost.
    /// </summary>
    IAsyncEnumerable<HarnessSignal> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Stops the session's turn and sees it ended.</summary>
    ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken);
}

/// <summary>What an adapter guarantees for its routes.</summary>
/// <param name="Delivery">How often a prompt may enter a history.</param>
/// <param name="Reason">Why that is so, for people.</param>
/// <param name="Route">The name of the route, as receipts show it.</param>
/// <param name="AccountsUsage">Whether the harness reports tokens and cost.</param>
/// <param name="CanWake">Whether a session can be prompted after its turn has ended; a one-shot run cannot.</param>
public sealed record HarnessGrade(DeliveryGrade Delivery, string Reason, string Route, bool AccountsUsage, bool CanWake = true);

public enum DeliveryGrade
{
    /// <summary>The history can be read back by key, and a key enters it once.</summary>
    ExactlyOnce,

    /// <summary>A prompt may enter twice after a broken send.</summary>
    AtLeastOnce,

    /// <summary>
    /// There is no read-back and no key is kept: creating twice may make two sessions, and a prompt whose send broke is not sent again. An
    /// acknowledged send counts as admitted.
    /// </summary>
    AtMostOnce,
}
