using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server.Tests;

/// <summary>Answers as it is told to and remembers what it was asked. It knows the one crew of <see cref="Given"/>.</summary>
internal sealed class FakeAgents : IBackgroundAgents
{
    private readonly List<EventView> _events = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<object> Requests { get; } = [];

    /// <summary>Thrown by every call while it is set.</summary>
    public Exception? Failure { get; set; }

    public bool Created { get; set; } = true;

    public string Output { get; set; } = "done";

    /// <summary>Positions up to this one are no longer kept.</summary>
    public long Forgotten { get; set; }

    public IReadOnlyList<InstanceView> Instances { get; } =
        [new("chat@main", Up: false, "starting", Given.Time, new HarnessGrade(DeliveryGrade.ExactlyOnce, "keys", "in-process", AccountsUsage: true))];

    public void Happen(EventView happened)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _events.Add(happened);
            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }

    public Task<Registered> RegisterAsync(SessionRequest request, CancellationToken cancellationToken) => Answer(request, new Registered(Given.SessionView, Created));

    public Task<Delegated> DelegateAsync(DelegationRequest request, CancellationToken cancellationToken) =>
        Answer(request, new Delegated(Given.TaskView, Created, "You will be woken; there is no need to wait."));

    public Task<CancelReply> CancelAsync(TaskId task, SessionId? by, CancellationToken cancellationToken) => Answer((task, by), Cancelled());

    public Task<CancelReply> CancelAllAsync(SessionId session, SessionId? by, CancellationToken cancellationToken) => Answer((session, by), Cancelled());

    public Task AcknowledgeAsync(SessionId session, IReadOnlyList<NoticeId> notices, CancellationToken cancellationToken) => Answer((session, notices), true);

    public Task<SessionView?> FindSessionAsync(SessionId session, CancellationToken cancellationToken) => Known(session == Given.Root, Given.SessionView);

    public Task<SessionView?> FindSessionAsync(Address address, CancellationToken cancellationToken) => Known(address == Given.RootAddress, Given.SessionView);

    public Task<Page<SessionView>> SessionsAsync(string? after, int most, CancellationToken cancellationToken) =>
        Answer((after, most), new Page<SessionView>([Given.SessionView], "further"));

    public Task<TaskView?> FindTaskAsync(TaskId task, CancellationToken cancellationToken) => Known(task == Given.Task, Given.TaskView);

    public Task<Page<TaskView>> TasksAsync(TaskQuery query, CancellationToken cancellationToken) => Answer(query, new Page<TaskView>([Given.TaskView], Next: null));

    public Task<OutputView?> OutputAsync(TaskId task, CancellationToken cancellationToken) =>
        Known(task == Given.Task, new OutputView(Output, Partial: false, Truncated: false, System.Text.Encoding.UTF8.GetByteCount(Output)));

    public Task<IReadOnlyList<NoticeView>?> MailboxAsync(SessionId session, CancellationToken cancellationToken) =>
        Known<IReadOnlyList<NoticeView>>(session == Given.Root, [Given.NoticeView]);

    public Task<WakeView?> FindWakeAsync(WakeId wake, CancellationToken cancellationToken) => Known(wake == Given.Wake, Given.WakeView);

    public Task<Page<WakeView>> DeadLettersAsync(string? after, int most, CancellationToken cancellationToken) =>
        Answer((after, most), new Page<WakeView>([Given.WakeView], Next: null));

    public Task<ExplainView?> ExplainAsync(TaskId task, CancellationToken cancellationToken) => Known(task == Given.Task, Explanation());

    public Task<ExplainView?> ExplainAsync(SessionId session, CancellationToken cancellationToken) => Known(session == Given.Root, Explanation());

    public async IAsyncEnumerable<EventView> EventsAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int next;
        lock (_gate)
        {
            next = after is null ? _events.Count : 0;
        }

        await Task.Yield();
        if (after is { } position && position > 0 && position < Forgotten)
        {
            throw new RefusedException(new Refusal(RefusalKind.Gone, "events-forgotten", "The position is no longer kept.") { LimitValue = Forgotten + 1 });
        }

        while (true)
        {
            Task more;
            EventView? happened = null;
            lock (_gate)
            {
                more = _more.Task;
                if (next < _events.Count)
                {
                    happened = _events[next++];
                }
            }

            if (happened is null)
            {
                await more.WaitAsync(cancellationToken);
            }
            else if (happened.Position > (after ?? 0))
            {
                yield return happened;
            }
        }
    }

    private static CancelReply Cancelled() => new([new CancelledTask(Given.Task, AgentTaskStatus.Running, AgentTaskStatus.Cancelled)]);

    private static ExplainView Explanation() => new("It waits for its lane.", ["lane 'default' is full"], Given.Time, Tries: 2, NextLook: null);

    private Task<T> Answer<T>(object request, T answer)
    {
        Requests.Enqueue(request);
        return Failure is { } failure ? Task.FromException<T>(failure) : Task.FromResult(answer);
    }

    private Task<T?> Known<T>(bool known, T answer)
        where T : class => Failure is { } failure ? Task.FromException<T?>(failure) : Task.FromResult(known ? answer : null);
}
