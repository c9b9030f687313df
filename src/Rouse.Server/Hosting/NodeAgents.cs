using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>
/// The node's agents for whoever is made before the node has started, as other services of the same host are, and harnesses whose agents
/// delegate. Until then, and after the end, calls are refused as unavailable.
/// </summary>
internal sealed class NodeAgents(Func<RouseNode> node) : IBackgroundAgents
{
    public IReadOnlyList<InstanceView> Instances => node().Agents?.Instances ?? [];

    private IBackgroundAgents Agents => node().Agents
        ?? throw new RefusedException(new Refusal(RefusalKind.Unavailable, "not-running", "The node has not started yet, or has stopped."));

    public Task<Registered> RegisterAsync(SessionRequest request, CancellationToken cancellationToken) => Agents.RegisterAsync(request, cancellationToken);

    public Task<Delegated> DelegateAsync(DelegationRequest request, CancellationToken cancellationToken) => Agents.DelegateAsync(request, cancellationToken);

    public Task<CancelReply> CancelAsync(TaskId task, SessionId? by, CancellationToken cancellationToken) => Agents.CancelAsync(task, by, cancellationToken);

    public Task<CancelReply> CancelAllAsync(SessionId session, SessionId? by, CancellationToken cancellationToken) =>
        Agents.CancelAllAsync(session, by, cancellationToken);

    public Task AcknowledgeAsync(SessionId session, IReadOnlyList<NoticeId> notices, CancellationToken cancellationToken) =>
        Agents.AcknowledgeAsync(session, notices, cancellationToken);

    public Task<SessionView?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) => Agents.FindSessionAsync(session, cancellationToken);

    public Task<SessionView?> FindSessionAsync(Address address, CancellationToken cancellationToken) => Agents.FindSessionAsync(address, cancellationToken);

    public Task<Page<SessionView>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) =>
        Agents.SessionsAsync(after, most, cancellationToken);

    public Task<TaskView?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) => Agents.FindTaskAsync(task, cancellationToken);

    public Task<Page<TaskView>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) => Agents.TasksAsync(query, cancellationToken);

    public Task<OutputView?> OutputAsync(TaskId task, CancellationToken cancellationToken) => Agents.OutputAsync(task, cancellationToken);

    public Task<IReadOnlyList<NoticeView>?> MailboxAsync(SessionId session, CancellationToken cancellationToken) =>
        Agents.MailboxAsync(session, cancellationToken);

    public Task<WakeView?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) => Agents.FindWakeAsync(wake, cancellationToken);

    public Task<Page<WakeView>> DeadLettersAsync(string? after, int most, CancellationToken cancellationToken) =>
        Agents.DeadLettersAsync(after, most, cancellationToken);

    public Task<ExplainView?> ExplainAsync(TaskId task, CancellationToken cancellationToken) => Agents.ExplainAsync(task, cancellationToken);

    public Task<ExplainView?> ExplainAsync(SessionId session, CancellationToken cancellationToken) => Agents.ExplainAsync(session, cancellationToken);

    public IAsyncEnumerable<EventView> EventsAsync(long? after, CancellationToken cancellationToken) => Agents.EventsAsync(after, cancellationToken);
}
