using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>An engine that remembers what it is asked: sessions by address, tasks by idempotency key.</summary>
internal sealed class FakeAgents : IBackgroundAgents
{
    private readonly Dictionary<Address, SessionView> _sessions = [];
    private readonly Dictionary<string, TaskView> _byKey = new(StringComparer.Ordinal);

    public List<(DelegationRequest Request, TaskView Task)> Delegations { get; } = [];

    public List<(TaskId Task, SessionId? By)> Cancels { get; } = [];

    public Dictionary<TaskId, OutputView> Outputs { get; } = [];

    public Refusal? Refuse { get; set; }

    public IReadOnlyList<InstanceView> Instances => [];

    public SessionView Know(Address address, string crew = "one", SessionId? parent = null, string? agent = null)
    {
        var id = new SessionId(new CrewId(crew), _sessions.Count + 1);
        return _sessions[address] = new SessionView(id, id.Crew, address, parent, null, parent is null ? 0 : 1, agent, null, default, null);
    }

    public TaskView NewTask(SessionId from, string agent = "worker", string? description = null)
    {
        var task = new TaskView(
            new TaskId(from.Crew, Delegations.Count + 1), AgentTaskStatus.Queued, from.Crew, from, description, agent, null, ChatRig.Instance, null,
            WakePolicy.All, 0, null, null, 1, [], default, null, null, null);
        Delegations.Add((new DelegationRequest { From = from, Agent = agent, Prompt = "" }, task));
        return task;
    }

    public Task<Registered> RegisterAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        var created = !_sessions.ContainsKey(request.Address);
        var session = created ? Know(request.Address, request.Parent?.Crew.Stem ?? "one", request.Parent, request.Agent) : _sessions[request.Address];
        return Task.FromResult(new Registered(session, created));
    }

    public Task<Delegated> DelegateAsync(DelegationRequest request, CancellationToken cancellationToken)
    {
        if (Refuse is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        var created = !_byKey.TryGetValue(request.IdempotencyKey!, out var task);
        if (created)
        {
            task = NewTask(request.From, request.Agent, request.Description);
            Delegations[^1] = (request, task);
            _byKey.Add(request.IdempotencyKey!, task);
        }

        return Task.FromResult(new Delegated(task!, created, "You will be woken; do not wait."));
    }

    public Task<CancelReply> CancelAsync(TaskId task, SessionId? by, CancellationToken cancellationToken)
    {
        Cancels.Add((task, by));
        return Task.FromResult(new CancelReply([new CancelledTask(task, AgentTaskStatus.Running, AgentTaskStatus.Cancelled)]));
    }

    public Task<SessionView?> FindSessionAsync(Address address, CancellationToken cancellationToken) => Task.FromResult(_sessions.GetValueOrDefault(address));

    public Task<TaskView?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) =>
        Task.FromResult(Delegations.Select(d => d.Task).FirstOrDefault(t => t.Id == task));

    public Task<Page<TaskView>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<TaskView>([.. Delegations.Select(d => d.Task).Where(t => t.From == query.Session)], null));

    public Task<OutputView?> OutputAsync(TaskId task, CancellationToken cancellationToken) => Task.FromResult(Outputs.GetValueOrDefault(task));

    public Task<CancelReply> CancelAllAsync(SessionId session, SessionId? by, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AcknowledgeAsync(SessionId session, IReadOnlyList<NoticeId> notices, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionView?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<SessionView>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<NoticeView>?> MailboxAsync(SessionId session, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WakeView?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<WakeView>> DeadLettersAsync(string? after, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ExplainView?> ExplainAsync(TaskId task, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ExplainView?> ExplainAsync(SessionId session, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<EventView> EventsAsync(long? after, CancellationToken cancellationToken) => throw new NotSupportedException();
}
