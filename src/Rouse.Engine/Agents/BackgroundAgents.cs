using Rouse.Core;

namespace Rouse.Engine;

/// <summary>The commands: each becomes an input of one crew, and a refusal becomes an exception. The queries are in the other part.</summary>
internal sealed partial class BackgroundAgents(
    IJournal journal, CrewHost crews, InstanceLinks links, LaneScheduler lanes, ObligationPump pump, EventFeed feed, EngineOptions options, TimeProvider time, IdSource ids)
    : IBackgroundAgents
{
    private const string WakeWillCome = "Accepted; it runs in the background and a notice will wake you when it has settled. There is no need to wait or to poll: go on with your work or end your turn.";
    private const string NoWakeWillCome = "Accepted; it runs in the background. You asked not to be woken: its notice waits in your mailbox.";

    /// <summary>While the node stops, nothing new is accepted.</summary>
    public bool IsStopping { get; set; }

    public async Task<Registered> RegisterAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        RefuseWhenStopping();
        RequestRules.Check(request);
        var link = LinkOf(request.Address.Instance, "address.instance");
        if (request.Parent is { } p && await journal.FindSessionAsync(p, cancellationToken) is null)
        {
            throw Refuse(RefusalKind.NotFound, "unknown-parent", $"The parent {p} is not known.", "parent");
        }

        if (await journal.FindSessionAsync(request.Address, cancellationToken) is { } known)
        {
            return Known(known, request);
        }

        var crew = request.Parent?.Crew ?? ids.NewCrew();
        var input = new RegisterSession(new Address(link.Harness.Instance, request.Address.Id), request.Parent, request.Agent, request.Directory);
        try
        {
            return Registered(await crews.SubmitAsync(crew, input));
        }
        catch (CommitRefusedException refused) when (refused.Result is CommitResult.AddressTaken taken)
        {
            // Somebody registered it in the same instant.
            return Known((await journal.FindSessionAsync(taken.By, cancellationToken))!, request);
        }
    }

    public async Task<Delegated> DelegateAsync(DelegationRequest request, CancellationToken cancellationToken)
    {
        RefuseWhenStopping();
        var agent = RequestRules.CleanAgent(request.Agent);
        RequestRules.Check(request);
        var from = await SessionAsync(request.From, "from", cancellationToken);
        var link = LinkOf(request.Instance ?? from.Address.Instance, "instance");
        CheckWakeable(request, from);

        var prompt = Body.Of(request.Prompt);
        var system = request.System is { } text ? Body.Of(text) : null;
        var spec = RequestRules.SpecOf(request, agent, link.Harness.Instance, prompt, system, time.GetUtcNow());
        try
        {
            var reply = await crews.SubmitAsync(from.Id.Crew, new Core.Delegate(spec, options.Lanes.LanesOf(spec.Model), system is null ? [prompt] : [prompt, system]));
            return reply switch
            {
                Reply.TaskAccepted x => Accepted(x.Task, x.Created),
                Reply.Refused { Reason.Type: "unknown-session" } => throw Refuse(
                    RefusalKind.Conflict, "task-settled", $"The run of {from.Task} in {from.Id} is over: there is nobody to wake.", "from"),
                Reply.Refused x => throw Refuse(x.Reason),
                _ => throw Unexpected(reply),
            };
        }
        catch (CommitRefusedException refused) when (refused.Result is CommitResult.KeyTaken taken)
        {
            // The crew has forgotten the task that the key made; the journal has not.
            var earlier = CrewCodec.Read((await journal.FindTaskAsync(taken.By, cancellationToken))!);
            return earlier.Spec.Fingerprint == spec.Fingerprint
                ? Accepted(earlier, created: false)
                : throw Refuse(RefusalKind.KeyReused, "idempotency-key-reused", $"The idempotency key '{taken.Key}' made {taken.By} with another request.");
        }
    }

    public async Task<CancelReply> CancelAsync(TaskId task, SessionId? by, CancellationToken cancellationToken)
    {
        await FindAsync();
        if (await crews.SubmitAsync(task.Crew, new CancelTask(task, by)) is Reply.Cancelled cancelled)
        {
            return Cancelled(cancelled);
        }

        // Its crew has forgotten it, and may have done so just now: it is over.
        var status = (await FindAsync()).Status;
        return new CancelReply([new CancelledTask(task, status, status)]);

        async Task<TaskRow> FindAsync() =>
            await journal.FindTaskAsync(task, cancellationToken) ?? throw Refuse(RefusalKind.NotFound, "unknown-task", $"The task {task} is not known.");
    }

    public async Task<CancelReply> CancelAllAsync(SessionId session, SessionId? by, CancellationToken cancellationToken)
    {
        await SessionAsync(session, path: null, cancellationToken);
        var reply = await crews.SubmitAsync(session.Crew, new CancelAll(session, by));
        return reply is Reply.Cancelled cancelled ? Cancelled(cancelled) : throw Unexpected(reply);
    }

    public async Task AcknowledgeAsync(SessionId session, IReadOnlyList<NoticeId> notices, CancellationToken cancellationToken)
    {
        await SessionAsync(session, path: null, cancellationToken);
        var known = (await journal.NoticesAsync(session, cancellationToken)).Select(n => n.Id).ToHashSet();
        for (var i = 0; i < notices.Count; i++)
        {
            if (!known.Contains(notices[i]))
            {
                throw Refuse(RefusalKind.NotFound, "unknown-notice", $"The session {session} has no notice {notices[i]}.", $"notices[{i}]");
            }
        }

        await crews.SubmitAsync(session.Crew, new Acknowledge(session, [.. notices]));
    }

    /// <summary>Answered by the journal: a crew may have forgotten a session that is over.</summary>
    private static Registered Known(SessionRow row, SessionRequest request)
    {
        var session = CrewCodec.Read(row);
        return request.Parent is null || request.Parent == session.Parent
            ? new Registered(ViewFactory.View(session), Created: false)
            : throw Refuse(
                RefusalKind.Conflict, "session-has-parent",
                $"The session {request.Address} is known as {session.Id} below {session.Parent?.ToString() ?? "no parent"}; it cannot move below {request.Parent}.", "parent");
    }

    private Delegated Accepted(AgentTask task, bool created)
    {
        if (created)
        {
            EngineMeters.TasksDelegated.Add(1);
        }

        var place = task.Status == AgentTaskStatus.Queued ? lanes.PlaceOf(task.Id, task.Current.Number) : null;
        return new Delegated(ViewFactory.View(task, place), created, task.Spec.Wake == WakePolicy.None && !Sabotage.PromisesAWakeToAll ? NoWakeWillCome : WakeWillCome);
    }

    private static CancelReply Cancelled(Reply.Cancelled reply) =>
        new([.. reply.Items.Select(i => new CancelledTask(i.Task, i.Before, Sabotage.SaysThatAllWasCancelled ? AgentTaskStatus.Cancelled : i.Now))]);

    private static Registered Registered(Reply reply) => reply switch
    {
        Reply.SessionKnown x => new Registered(ViewFactory.View(x.Session), x.Created),
        Reply.Refused x => throw Refuse(x.Reason),
        _ => throw Unexpected(reply),
    };

    private async Task<Session> SessionAsync(SessionId session, string? path, CancellationToken cancellationToken) =>
        await journal.FindSessionAsync(session, cancellationToken) is { } row
            ? CrewCodec.Read(row)
            : throw Refuse(RefusalKind.NotFound, "unknown-session", $"The session {session} is not known.", path);

    private InstanceLink LinkOf(string instance, string path) =>
        links.Find(instance) ?? throw Refuse(
            RefusalKind.Invalid, "unknown-instance",
            $"The instance '{instance}' is not configured. Known: {string.Join(", ", links.All.Select(l => l.Harness.Instance))}.", path);

    /// <summary>A wake that cannot come is not promised.</summary>
    private void CheckWakeable(DelegationRequest request, Session from)
    {
        if (request.Wake != WakePolicy.None && links.Find(from.Address.Instance) is not { Harness.Grade.CanWake: true })
        {
            throw Refuse(
                RefusalKind.Conflict, "no-route",
                $"No route can wake {from.Address} after its turn. Delegate with the wake policy 'none' and read the mailbox, or from a session that can be woken.", "wake");
        }
    }

    private void RefuseWhenStopping()
    {
        if (IsStopping)
        {
            throw Refuse(RefusalKind.Unavailable, "stopping", "This node is stopping. Try again when it is back.");
        }
    }

    private static RefusedException Refuse(RefusalKind kind, string type, string detail, string? path = null) => new(new Refusal(kind, type, detail) { Path = path });

    private static RefusedException Refuse(RefusalReason reason) => new(new Refusal(
        reason.Type switch
        {
            "descendant-limit" => RefusalKind.Limit,
            "unknown-session" or "unknown-parent" => RefusalKind.NotFound,
            "idempotency-key-reused" => RefusalKind.KeyReused,
            _ => RefusalKind.Conflict,
        },
        reason.Type, reason.Detail)
    { Limit = reason.Limit, LimitValue = reason.Value });

    private static InvalidOperationException Unexpected(Reply reply) => new($"A crew replied '{reply}' to a command that it cannot answer so.");
}
