using System.Collections.Immutable;

namespace Rouse.Core.Tests;

/// <summary>
/// Makes the next input of a random story from the state so far: what performers would report, what callers may ask for at any time, and
/// what should never come: late, repeated, of older attempts, about unknown things. A seed always makes the same story.
/// </summary>
internal sealed class StoryMaker(int seed)
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(3), TimeSpan.FromHours(1),
    ];

    private static readonly string?[] Models = [null, "a/one", "a/two", "b/one"];
    private static readonly string?[] Groups = [null, null, "docs", "code"];
    private static readonly CrewId Foreign = new("other");
    private static readonly LaneLimits Lanes = new([new("a", 2), new("a/one", 1)]);

    private readonly Random _random = new(seed);
    private readonly List<Input> _past = [];

    /// <summary>How many of a hundred inputs are out of place: some stories are calm and go deep, others are wild.</summary>
    private readonly int _wild = seed % 4 switch { 0 => 0, 1 => 5, 2 => 20, _ => 45 };

    private int _addresses;
    private DateTimeOffset _now;

    public Step Next(Crew crew, DateTimeOffset now)
    {
        var wait = Pick(Waits);
        _now = now + wait;
        var input = crew.Sessions.IsEmpty ? new RegisterSession(NewAddress(), Parent: null, "lead", "/work") : Choose(crew);
        _past.Add(input);
        return new Step(wait, input, Forget: Chance(6), Flush: Chance(50));
    }

    private Input Choose(Crew crew)
    {
        if (Chance(_wild))
        {
            return Chance(40) ? Pick(_past) : OutOfPlace(crew);
        }

        var owed = crew.Owes().ToList();
        if (owed.Count == 0 || Chance(owed.Count < 6 ? 35 : 10))
        {
            return Asked(crew);
        }

        return Chance(90) ? Performed(crew, Pick(owed)) : Meddled(crew);
    }

    /// <summary>What callers ask for.</summary>
    private Input Asked(Crew crew)
    {
        var from = Chance(45) ? Pick(crew.Sessions.Values.ToList()).Id : crew.Sessions.Values.First().Id;
        return _random.Next(20) switch
        {
            0 => new RegisterSession(Chance(70) ? NewAddress() : Pick(crew.Sessions.Values.ToList()).Address, from, "helper", Directory: null),
            1 when crew.Notices.Values.Where(n => n.IsOwed).ToList() is { Count: > 0 } owed && Pick(owed) is var one =>
                new Acknowledge(one.Session, [one.Id, .. owed.Where(n => n.Session == one.Session && Chance(50)).Select(n => n.Id)]),
            _ => Delegation(from),
        };
    }

    private Delegate Delegation(SessionId from)
    {
        var model = Pick(Models);
        var spec = new TaskSpec
        {
            From = from,
            Agent = "worker",
            Instance = "main",
            Prompt = Body.Of("do it").Ref,
            Goal = "do it",
            Description = $"work {_past.Count}",
            Model = model,
            Fallbacks = Chance(40) ? [.. Models.OfType<string>().Where(_ => Chance(50))] : [],
            Group = Pick(Groups),
            Wake = Chance(60) ? WakePolicy.All : Chance(60) ? WakePolicy.Each : WakePolicy.None,
            Priority = _random.Next(3),
            Deadline = Chance(15) ? _now + TimeSpan.FromMinutes(_random.Next(1, 90)) : null,
            Key = Chance(15) ? $"k{_random.Next(4)}" : null,
            Fingerprint = Chance(80) ? "same" : "other",
        };
        return new Delegate(spec, Lanes.LanesOf(model), []);
    }

    /// <summary>What a performer may report about what is owed.</summary>
    private Input Performed(Crew crew, Obligation owed)
    {
        var task = new TaskId(crew.Id, owed.Subject);
        switch (owed.Kind)
        {
            case ObligationKind.Queue:
                return Chance(95) ? new StartAttempt(task, owed.Attempt) : Failure(task, owed.Attempt);
            case ObligationKind.Resume:
                return new ResumeTask(task);
            case ObligationKind.Deadline:
                return new DeadlinePassed(task);
            case ObligationKind.Abort:
                return crew.Tasks[owed.Subject].Attempts[owed.Attempt - 1].Session is null && Chance(60)
                    ? new ChildSeen(task, owed.Attempt, NewAddress(), "/work")
                    : new AttemptStopped(task, owed.Attempt, "seen ended", Chance(50) ? "so far" : null);
            case ObligationKind.Start:
                var attempt = crew.Tasks[owed.Subject].Current;
                return Chance(12) ? Failure(task, owed.Attempt)
                    : attempt.Session is null ? new ChildSeen(task, owed.Attempt, NewAddress(), "/work")
                    : attempt.DispatchedAt is null && Chance(30) ? new DispatchPrompt(task, owed.Attempt)
                    : attempt.DispatchedAt is not null && Chance(30) ? new WithdrawPrompt(task, owed.Attempt)
                    : new PromptSeen(task, owed.Attempt, "read back");
            case ObligationKind.Supervise:
                return Chance(3)
                    ? new AttemptLost(task, owed.Attempt, "unreachable", "down for a day")
                    : Seen(crew, crew.Tasks[owed.Subject].Current.Session ?? new SessionId(crew.Id, 1));
        }

        var wake = crew.Wakes[owed.Subject];
        return wake.Phase switch
        {
            WakePhase.Due => Chance(80) ? new LeaseWake(wake.Id) : new HoldWake(wake.Id, Chance(50) ? "working" : "instance-down"),
            WakePhase.Leased => Chance(75) ? new WakeSent(wake.Id, wake.Epoch, "live", Chance(80)) : new ReleaseWake(wake.Id, wake.Epoch, "working"),
            WakePhase.Dispatched => Chance(85) ? new WakeFound(wake.Id, Chance(80) ? "found" : null)
                : Chance(50) ? new WakeSent(wake.Id, wake.Epoch, "live", Chance(50))
                : new AbandonWake(wake.Id, "NotAdmitted"),
            _ => Chance(12) ? new NudgeFound(wake.Id, "empty") : wake.Nudged && Chance(12) ? new WithdrawNudge(wake.Id) : Seen(crew, wake.Session),
        };
    }

    /// <summary>What may happen at any time.</summary>
    private Input Meddled(Crew crew) => _random.Next(8) switch
    {
        0 => new CancelAll(SomeSession(crew), Chance(50) ? SomeSession(crew) : null),
        1 => new SessionLost(SomeSession(crew), Chance(50)),
        2 when crew.Wakes.Values.Where(w => w.IsOpen).ToList() is { Count: > 0 } open => new AbandonWake(Pick(open).Id, "Refused"),
        3 => Seen(crew, SomeSession(crew)),
        _ when crew.Tasks.Values.Where(t => !t.IsSettled).ToList() is { Count: > 0 } tasks && Pick(tasks) is var task =>
            new CancelTask(task.Id, Chance(50) ? task.Spec.From : Chance(50) ? SomeSession(crew) : null),
        _ => Seen(crew, SomeSession(crew)),
    };

    private Input OutOfPlace(Crew crew)
    {
        var task = new TaskId(SomeCrew(crew), SomeNumber(crew, crew.Tasks.Keys));
        var attempt = _random.Next(0, 4);
        var session = new SessionId(SomeCrew(crew), SomeNumber(crew, crew.Sessions.Keys));
        var wake = new WakeId(SomeCrew(crew), SomeNumber(crew, crew.Wakes.Keys));
        return _random.Next(24) switch
        {
            0 => new RegisterSession(NewAddress(), Chance(50) ? session : null, Agent: null, Directory: null),
            1 => new CancelTask(task, Chance(50) ? session : null),
            2 => new CancelAll(session, By: null),
            3 => new StartAttempt(task, attempt),
            4 => new ResumeTask(task),
            5 => new ChildSeen(task, attempt, NewAddress(), Directory: null),
            6 => new PromptSeen(task, attempt, "late"),
            7 => Failure(task, attempt),
            8 => new AttemptLost(task, attempt, "unreachable", "down for a day"),
            9 => new AttemptStopped(task, attempt, "late", Chance(50) ? "late" : null),
            10 => Seen(crew, session),
            11 => new SessionLost(session, Chance(50)),
            12 => new DeadlinePassed(task),
            13 => new HoldWake(wake, "working"),
            14 => new LeaseWake(wake),
            15 => new ReleaseWake(wake, _random.Next(0, 3), "late"),
            16 => new WakeSent(wake, _random.Next(0, 3), "late", Chance(50)),
            17 => new WakeFound(wake, "late"),
            18 => new NudgeFound(wake, "late"),
            19 => new AbandonWake(wake, "late"),
            20 => new Acknowledge(session, [new NoticeId(SomeCrew(crew), SomeNumber(crew, crew.Notices.Keys)), new NoticeId(crew.Id, SomeNumber(crew, crew.Notices.Keys))]),
            21 => new WithdrawPrompt(task, attempt),
            22 => new WithdrawNudge(wake),
            _ => Delegation(session),
        };
    }

    private AttemptFailed Failure(TaskId task, int attempt) => new(task, attempt, Error(), Chance(50), Lanes.LanesOf);

    private TaskError Error() => new(Pick(Enum.GetValues<FailureClass>()), Chance(20) ? "unknown-model" : "broken", "it went wrong");

    /// <summary>A look that fits what the session was sent, with an end of any kind; now and then one that is old.</summary>
    private SessionSeen Seen(Crew crew, SessionId session)
    {
        var messages = ImmutableArray.CreateBuilder<SeenMessage>();
        if (crew.Tasks.Values.SelectMany(t => t.Attempts.Where(a => a.Session == session).Select(a => Crew.AttemptKey(t.Id, a.Number))).FirstOrDefault() is { } key)
        {
            messages.Add(Look.Sent(key, _now));
            if (Chance(70))
            {
                messages.Add(Look.Said("first", _now));
            }
        }

        if (Chance(10))
        {
            messages.Add(Look.Asked(_now));
        }

        foreach (var wake in crew.Wakes.Values.Where(w => w.Session == session && w.Phase is WakePhase.Dispatched or WakePhase.Admitted).Where(_ => Chance(90)))
        {
            messages.Add(Look.Sent(wake.Key, _now));
            if (wake.Nudged)
            {
                messages.Add(Look.Sent(wake.NudgeKey, _now));
            }
        }

        switch (_random.Next(14))
        {
            case 0: break;
            case 1: messages.Add(Look.Broke(Error(), _now)); break;
            case 2: messages.Add(Look.Began(Chance(50) ? "half" : "", _now)); break;
            case 3: messages.Add(Look.CalledTools("", _now)); break;
            case 4: messages.Add(Look.Said("", _now)); break;
            default: messages.Add(Look.Said("done", _now)); break;
        }

        var inspection = new Inspection
        {
            At = _now,
            Activity = Chance(90) ? Activity.Idle : Activity.Working,
            Messages = messages.ToImmutable(),
            OpenQuestion = Chance(3) ? "may I?" : null,
            OpenTodos = Chance(5) ? ["one more"] : [],
        };
        return new SessionSeen(session, inspection, Chance(95) ? crew.Version : _random.Next((int)crew.Version + 1), Chance(10) ? Error() : null, Lanes.LanesOf);
    }

    private CrewId SomeCrew(Crew crew) => Chance(90) ? crew.Id : Foreign;

    private int SomeNumber(Crew crew, IEnumerable<int> known) => Chance(80) && known.ToList() is { Count: > 0 } numbers ? Pick(numbers) : _random.Next(0, crew.LastNumber + 3);

    private SessionId SomeSession(Crew crew) => Pick(crew.Sessions.Values.ToList()).Id;

    private Address NewAddress() => new("main", $"s{_addresses++}");

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
