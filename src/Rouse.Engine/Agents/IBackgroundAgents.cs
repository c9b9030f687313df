using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Delegates work to agents in the background and answers for it. The HTTP API, the program and the tools that agents call are built on this.
/// </summary>
/// <remarks>
/// Thread-safe. Every call that changes something returns only after the change is durable. What cannot be done is told by a
/// <see cref="RefusedException"/>; a journal that cannot be used by a <see cref="JournalUnavailableException"/>. Reads never wait for a harness.
/// </remarks>
public interface IBackgroundAgents
{
    /// <summary>Makes a session known. The same address twice is the same session.</summary>
    /// <exception cref="RefusedException">Unknown instance, unknown parent, or an address that is known below another parent.</exception>
    Task<Registered> RegisterAsync(SessionRequest request, CancellationToken cancellationToken);

    /// <summary>Accepts work. The handle is returned after the commit that holds the task, and before any harness is called.</summary>
    Task<Delegated> DelegateAsync(DelegationRequest request, CancellationToken cancellationToken);

    /// <summary>Cancels a task and everything under it. A settled task is left as it is.</summary>
    /// <param name="by">The session that asks, which knows of it by the reply and is not woken for it; null for an operator.</param>
    Task<CancelReply> CancelAsync(TaskId task, SessionId? by, CancellationToken cancellationToken);

    /// <summary>Cancels every open task that the session delegated, and everything under them.</summary>
    Task<CancelReply> CancelAllAsync(SessionId session, SessionId? by, CancellationToken cancellationToken);

    /// <summary>Says that a session has read notices of its mailbox: they are owed no longer.</summary>
    Task AcknowledgeAsync(SessionId session, IReadOnlyList<NoticeId> notices, CancellationToken cancellationToken);

    Task<SessionView?> FindSessionAsync(SessionId session, CancellationToken cancellationToken);

    Task<SessionView?> FindSessionAsync(Address address, CancellationToken cancellationToken);

    Task<Page<SessionView>> SessionsAsync(string? after, int most, CancellationToken cancellationToken);

    Task<TaskView?> FindTaskAsync(TaskId task, CancellationToken cancellationToken);

    Task<Page<TaskView>> TasksAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>What a task produced; the same bytes at every read. Null for an unknown task.</summary>
    Task<OutputView?> OutputAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>A session's notices with their receipts, in mailbox order; null for an unknown session.</summary>
    Task<IReadOnlyList<NoticeView>?> MailboxAsync(SessionId session, CancellationToken cancellationToken);

    Task<WakeView?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken);

    Task<Page<WakeView>> DeadLettersAsync(string? after, int most, CancellationToken cancellationToken);

    /// <summary>Why a task does or does not start or end; null for an unknown task.</summary>
    Task<ExplainView?> ExplainAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>Why a session is or is not woken; null for an unknown session.</summary>
    Task<ExplainView?> ExplainAsync(SessionId session, CancellationToken cancellationToken);

    /// <summary>The instances that are configured, and what is known of them.</summary>
    IReadOnlyList<InstanceView> Instances { get; }

    /// <summary>
    /// Events of all crews in order, after <paramref name="after"/> (null: from now on), without gap or repetition, until cancelled.
    /// </summary>
    /// <exception cref="RefusedException">The position is no longer kept.</exception>
    IAsyncEnumerable<EventView> EventsAsync(long? after, CancellationToken cancellationToken);
}
