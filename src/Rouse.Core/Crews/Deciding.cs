using System.Collections.Immutable;

namespace Rouse.Core;

/// <summary>A decision in the making: each event is applied as it is added, so that the next one is decided on the state after it.</summary>
internal sealed class Deciding(Crew crew, Moment moment)
{
    private readonly ImmutableArray<Event>.Builder _events = ImmutableArray.CreateBuilder<Event>();
    private readonly ImmutableArray<Body>.Builder _bodies = ImmutableArray.CreateBuilder<Body>();
    private readonly SortedSet<int> _sessions = [];
    private readonly SortedSet<int> _tasks = [];
    private readonly SortedSet<int> _notices = [];
    private readonly SortedSet<int> _wakes = [];

    public Crew Crew { get; private set; } = crew;

    public DateTimeOffset Now => moment.Now;

    public Rules Rules => moment.Rules;

    /// <summary>The time of day at which the look began: what was so then need not be so now.</summary>
    public DateTimeOffset TimeOf(SessionSeen look) => look.LookedAt < moment.Steady ? Now - (moment.Steady - look.LookedAt.Value) : Now;

    /// <summary>Only a look from that time on can decide; at once where it is past.</summary>
    public Reply LookAgainAt(DateTimeOffset time, string why) => new Reply.LookAgain(time > Now ? time - Now : TimeSpan.Zero, why);

    public int NextNumber => Crew.LastNumber + 1;

    public void Add(Event e)
    {
        _events.Add(e);
        Touch(e); // before it is applied: a released wake no longer names the notices that it gave back
        Crew = Crew.Apply(e, moment.Now);
    }

    public BodyRef Keep(string text)
    {
        var body = Body.Of(text);
        _bodies.Add(body);
        return body.Ref;
    }

    public void Keep(ImmutableArray<Body> bodies) => _bodies.AddRange(bodies);

    public Decision End(Reply reply) => new(
        _events.ToImmutable(), reply, Crew, _bodies.ToImmutable(), new Touched([.. _sessions], [.. _tasks], [.. _notices], [.. _wakes]));

    private void Touch(Event e)
    {
        switch (e)
        {
            case SessionRegistered x: _sessions.Add(x.Session.Number); break;
            case SessionGone x: _sessions.Add(x.Session.Number); break;
            case TaskDelegated x: _tasks.Add(x.Task.Number); break;
            case AttemptStarted x: _tasks.Add(x.Task.Number); break;
            case ChildCreated x: _tasks.Add(x.Task.Number); _sessions.Add(x.Session.Number); break;
            case PromptDispatched x: _tasks.Add(x.Task.Number); break;
            case PromptWithdrawn x: _tasks.Add(x.Task.Number); break;
            case PromptAdmitted x: _tasks.Add(x.Task.Number); break;
            case IdleSeen x: _tasks.Add(x.Task.Number); break;
            case AttemptReplaced x: _tasks.Add(x.Task.Number); break;
            case AttemptEnded x: _tasks.Add(x.Task.Number); break;
            case TaskSettling x: _tasks.Add(x.Task.Number); break;
            case TaskResumed x: _tasks.Add(x.Task.Number); break;
            case TaskSettled x: _tasks.Add(x.Task.Number); break;
            case LateResultKept x: _tasks.Add(x.Task.Number); break;
            case NoticePosted x: _notices.Add(x.Notice.Number); break;
            case NoticeAcknowledged x: _notices.Add(x.Notice.Number); break;
            case NoticeDeadLettered x: _notices.Add(x.Notice.Number); break;
            case WakeDue x: _wakes.Add(x.Wake.Number); break;
            case WakeRescheduled x: _wakes.Add(x.Wake.Number); break;
            case WakeDropped x: _wakes.Add(x.Wake.Number); break;
            case WakeHeld x: _wakes.Add(x.Wake.Number); break;
            case WakeLeased x: Touch(x.Wake, x.Notices); break;
            case WakeReleased x: Touch(x.Wake, []); break;
            case WakeDispatched x: _wakes.Add(x.Wake.Number); break;
            case WakeAdmitted x: _wakes.Add(x.Wake.Number); break;
            case WakeNudged x: _wakes.Add(x.Wake.Number); break;
            case WakeNudgeWithdrawn x: _wakes.Add(x.Wake.Number); break;
            case WakeConsumed x: Touch(x.Wake, []); break;
            case WakeDeadLettered x: Touch(x.Wake, x.Notices); break;
            default: throw new InvalidOperationException($"'{e.GetType().Name}' does not say what it is about.");
        }
    }

    /// <summary>A wake's steps change its notices too.</summary>
    private void Touch(WakeId wake, ImmutableArray<NoticeId> notices)
    {
        _wakes.Add(wake.Number);
        _notices.UnionWith(notices.Select(n => n.Number));
        _notices.UnionWith(Crew.Find(wake)?.Notices.Select(n => n.Number) ?? []);
    }
}
