using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A state changes on evidence only: what the journal says must stand in the histories.</summary>
public sealed partial class Oracle
{
    /// <summary>By how much a deadline may be missed: by what the store and the node may be away.</summary>
    public TimeSpan LateDeadline { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>A stream may have been cut for this long when its instance goes away: to the node that is one absence.</summary>
    private static readonly TimeSpan LongestCut = TimeSpan.FromSeconds(21);

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(35);

    /// <summary>So long it may take until a node notices that its clock was set.</summary>
    private static readonly TimeSpan LookAtTheClock = TimeSpan.FromMinutes(1);

    private readonly HashSet<BookedSession> _gone = [];

    private void CheckAdmitted(BookedWake wake)
    {
        if (_world.Harnesses[wake.Session.Instance].Find(wake.Session.Address) is { } session && session.Entries(wake.Key) == 0)
        {
            Break(Rule.Evidence, $"{wake.Id} counts as admitted, and {session.Address} does not hold its key");
        }
    }

    private void CheckConsumed(BookedWake wake, string was)
    {
        if (was != "admitted")
        {
            Break(Rule.Evidence, $"{wake.Id} counts as consumed while it was {was}");
        }

        if (_world.Harnesses[wake.Session.Instance].Find(wake.Session.Address) is not { } session)
        {
            return;
        }

        // A harness without keys cannot tell the wake's turn from one that a person began between the look and the wake.
        var isAnswered = CanOnlyGuess(wake.Session.Instance)
            ? session.Messages.Any(m => m.At >= wake.LeasedAt && IsOutput(m))
            : session.Messages.SkipWhile(m => m.Key != wake.Key).Any(IsOutput) || session.Messages.Any(m => m.Answers?.Key == wake.Key && IsOutput(m));
        if (!isAnswered)
        {
            Break(Rule.Evidence, $"{wake.Id} counts as consumed, and no turn with output follows it in {session.Address}");
        }
    }

    private void CheckOutcome(BookedTask task)
    {
        CheckDeadline(task);
        var session = task.Current.Session is { } booked ? _world.Harnesses[booked.Instance].Find(booked.Address) : null;
        switch (task.Status)
        {
            case "completed" when task.Output is null:
                Break(Rule.Evidence, $"{task.Id} completed without output");
                break;
            case "completed" when session is not null && !Holds(session, _world.Journal.Body(new BodyRef(task.Output!, Size: 0))):
                Break(Rule.Evidence, $"{task.Id} completed with a result that {session.Address} does not hold");
                break;
            case "lost" when task.Reason == "unreachable" && !IsDownFor(task.Instance, _world.Options.Rules.LostAfter - LongestCut)
                && _world.Now - _connected.GetValueOrDefault(task.Instance) > FreshLook // it may have come back while the commit was on its way
                && _world.Now - _world.AwakeSince > TimeToHear:
                Break(Rule.Evidence, $"{task.Id} is lost with its instance, and {task.Instance} was not away for so long");
                break;
            case "lost" when session is not null && task.Reason != "unreachable" && !(task.Reason == "prompt-unknown" && CanOnlyGuess(task.Instance)):
                Break(Rule.Evidence, $"{task.Id} is lost ({task.Reason}), and {session.Address} is there");
                break;
            case "failed" when task.Reason == "deadline" && task.Deadline > _world.Now + ClockAhead():
                Break(Rule.Evidence, $"{task.Id} failed by its deadline {task.Deadline:O} before it had come");
                break;
            case "cancelled" when task.Reason == "cancelled" && !IsToCancel(task) && !Above(task).Any(IsToCancel):
                Break(Rule.Evidence, $"{task.Id} was cancelled, and nobody asked for it");
                break;
        }
    }

    /// <summary>By how much the clock was ahead at most, since what is committed now was decided.</summary>
    private TimeSpan ClockAhead()
    {
        var (most, before) = (TimeSpan.MinValue, TimeSpan.Zero);
        foreach (var (at, isOffBy) in _world.Jumps)
        {
            most = at >= _world.Now - LongestCall && before > most ? before : most;
            before = isOffBy;
        }

        return before > most ? before : most;
    }

    /// <summary>Whether the session holds a turn that said this and came to a good end.</summary>
    private static bool Holds(SimSession session, string result) => session.Messages.Any(
        m => m.Origin == MessageOrigin.Agent && m.Text == result && session.Messages.Last(n => n.Answers == m.Answers) is { Ended: true, Error: null });

    /// <summary>
    /// A task runs past its deadline by what the store and the node were away, at most. A clock that is set forward is noticed within a minute.
    /// </summary>
    private void CheckDeadline(BookedTask task)
    {
        if (task.Deadline is not { } deadline)
        {
            return;
        }

        var (passed, from, offBy) = ((DateTimeOffset?)null, DateTimeOffset.MinValue, TimeSpan.Zero);
        foreach (var (at, next) in _world.Jumps.Append((At: DateTimeOffset.MaxValue, IsOffBy: TimeSpan.Zero)))
        {
            // A jump forward lets it pass at once; one back lets it be ahead again.
            passed = from != DateTimeOffset.MinValue && from + offBy >= deadline ? passed ?? from : deadline - offBy < at ? deadline - offBy : null;
            (from, offBy) = (at, next);
        }

        var heeded = _world.Jumps is [.., var jump] && passed <= jump.At ? jump.At + LookAtTheClock + LongestCall : passed;
        if (heeded is { } since && _world.Now > since + LateDeadline)
        {
            Break(Rule.NothingForgotten, $"{task.Id} became {task.Status} at {_world.Now:T}, and its deadline had passed since {passed:T}");
        }
    }

    private void CheckReplaced(BookedTask task)
    {
        var old = task.Attempts[^2];
        if (old.Session is { } booked && _world.Harnesses[booked.Instance].Find(booked.Address) is { Working: false } session
            && session.Messages.NewestAnswer is { Ended: false } cut && (cut.RanTools || cut.ToolOpen || cut.Text.Length > 0))
        {
            Break(
                Rule.RunOnce,
                $"the work of {task.Id} is run again, and its turn in {session.Address} was cut off after it had had effects (it said '{cut.Text}', "
                + $"error {cut.Error?.Reason ?? "none"}, tools {cut.RanTools || cut.ToolOpen})");
        }
    }

    private void CheckEnded(BookedTask task)
    {
        foreach (var attempt in task.Attempts.Where(a => a is { Ended: true, Session: not null }))
        {
            foreach (var session in attempt != task.Current || task.IsSettled ? attempt.Session!.Under : [])
            {
                if (_world.Harnesses[session.Instance].FindRunning(session.Address) is { Turn.Prompt: { Key: { } key, Late: false } } && (attempt.SeenEnded || !IsGivenUp(key)))
                {
                    Break(Rule.Evidence, $"attempt {attempt.Number} of {task.Id} counts as ended, and {session.Instance}/{session.Address} works on {key}");
                }
            }
        }
    }

    private void CheckGone(BookedSession session)
    {
        if (_world.Harnesses[session.Instance].Find(session.Address) is not null)
        {
            Break(Rule.Evidence, $"{session.Id} counts as gone, and {session.Instance}/{session.Address} is there");
        }

        _gone.Add(session);
    }

    private bool IsDownFor(string instance, TimeSpan time) => _world.Harnesses[instance].DownSince is { } since && _world.Now - since >= time;

    /// <summary>The harness keeps no keys: what became of a send that broke is never known.</summary>
    private bool CanOnlyGuess(string instance) => _world.Harnesses[instance].Grade.Delivery == DeliveryGrade.AtMostOnce;

    private bool IsToCancel(BookedTask task) => _toCancel.Contains(task.Id) || _cancelledUnder.Contains(task.From.Id);

    private static IEnumerable<BookedTask> Above(BookedTask task)
    {
        for (var session = task.From; session is not null; session = session.Parent)
        {
            if (session.Task is { } above)
            {
                yield return above;
            }
        }
    }

    private static bool IsOutput(SimMessage m) =>
        m is { Origin: MessageOrigin.Agent, Ended: true, CallsTools: false, Error: null } && !string.IsNullOrWhiteSpace(m.Text);
}
