using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What must hold of the sessions themselves: of what enters them, when, and how often.</summary>
public sealed partial class Oracle
{
    /// <summary>The slowest way of an answer, and of the commit that may come in between.</summary>
    private static readonly TimeSpan FreshLook = TimeSpan.FromSeconds(10);

    /// <summary>The longest call that may be under way when an instance goes down, and what it may be followed by.</summary>
    private static readonly TimeSpan TimeToHear = TimeSpan.FromSeconds(60);

    /// <summary>So many looks at a session are remembered: more are not heard while one commit is under way.</summary>
    private const int KeptLooks = 16;

    private readonly Dictionary<Address, Look> _looks = [];
    private readonly Dictionary<Address, HashSet<string>> _told = [];
    private readonly Dictionary<Address, DateTimeOffset> _spoken = [];
    private readonly Dictionary<string, int> _sends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset At, SimNode Node)> _unknown = new(StringComparer.Ordinal);
    private readonly Dictionary<object, SimNode> _senders = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _creations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _created = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mayHaveArrived = new(StringComparer.Ordinal);
    private readonly HashSet<Address> _deleted = [];
    private readonly Dictionary<string, DateTimeOffset> _absent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _sentLast = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _connected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Since, int Runs)> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<Address, List<Shown>> _shown = [];
    private readonly Dictionary<Address, DateTimeOffset> _idleSince = [];
    private readonly Dictionary<Address, List<DateTimeOffset>> _missed = [];
    private readonly Dictionary<(Address, string), (DateTimeOffset Second, int Calls)> _calls = [];

    private void Watch(SimHarness harness)
    {
        harness.OnStored += stored => CheckStored(harness, stored.Session, stored.Message);
        harness.OnInspected += Looked;
        harness.OnDeliverCalled += called => CheckDeliver(called.Session, called.Prompt);
        harness.OnDelivered += Delivered;
        harness.OnCreateCalled += called => CheckCreate(harness, called.Spec);
        harness.OnAbortCalled += _ => CheckUp(harness);
        harness.OnDeletionTold += session => _deleted.Add(session.Address);
        harness.OnConnected += () => _connected[harness.Instance] = _world.Now;
        harness.OnFound += Found;
        harness.OnDenied += Missed;
        harness.OnTurnEnded += ended => _idleSince[ended.Session.Address] = _world.Now;
        harness.OnTurnBegan += began => CheckTurn(harness, began.Session, began.Turn);
    }

    /// <summary>What a look truly met, judged when it was taken and without the product's own gate.</summary>
    private void Looked(SessionInspected look)
    {
        CheckStorm(look.Session, "inspect");
        switch (look.Result)
        {
            case InspectResult.Seen x:
                Show(look.Session, new Shown(look.Truth!.At, _world.Now, x.Inspection));
                break;
            case InspectResult.Missing:
                Missed(look.Session);
                break;
            default:
                IsOld(look.Session);
                break;
        }

        var session = _world.Harnesses[look.Session.Instance].Find(look.Session.Id);
        var why = look.Truth switch
        {
            null => "it could not be reached",
            _ when look.Result is not InspectResult.Seen => "it could not be read",
            { Exists: false } => "the session is not there",
            { OpenQuestion: not null } => "a question is open",
            { Working: true } => "a turn runs",
            { PersonTyping: true } => "a person is typing",
            _ => null,
        };
        if (why is null && session?.Messages.Take(look.Truth!.Messages).LastOrDefault(m => m.Origin == MessageOrigin.Person) is { } spoken
            && !(_spoken.TryGetValue(look.Session, out var later) && later > spoken.At))
        {
            _spoken[look.Session] = spoken.At;
        }

        var known = _looks.GetValueOrDefault(look.Session);
        (DateTimeOffset? At, string? Why) shut = look.Result is InspectResult.Missing or InspectResult.Seen { Inspection: { Activity: Activity.Working } or { OpenQuestion: not null } or { PersonTyping: true } }
            && !(known?.Shut.At > look.Truth?.At)
            ? (look.Truth?.At, why)
            : known?.Shut ?? default;
        _looks[look.Session] = why is null
            ? new Look(look.Truth!.At, _world.Now, shut.At > look.Truth.At ? shut.Why : null, shut, _world.Journal.Faults.SlowReads)
            : new Look(known?.Open, known?.Heard, look.Truth?.At > known?.Heard ? why : known?.Closed, shut, known?.SlowReads ?? 0);
    }

    private void Found(Address session, string key, FindResult found)
    {
        switch (found)
        {
            case FindResult.Gone:
                Missed(session);
                break;
            case FindResult.NotFound:
                _absent[key] = _world.Now;
                break;
            default:
                _absent.Remove(key);
                break;
        }
    }

    private void Missed(Address session)
    {
        (_missed.TryGetValue(session, out var missed) ? missed : _missed[session] = []).Add(_world.Now);
        IsOld(session);
    }

    /// <summary>What was shown of it is not what was read last.</summary>
    private void IsOld(Address session)
    {
        if (_shown.TryGetValue(session, out var shown))
        {
            shown[^1] = shown[^1] with { OldSince = shown[^1].OldSince ?? _world.Now };
        }
    }

    private void Show(Address session, Shown shown)
    {
        var looks = _shown.TryGetValue(session, out var known) ? known : _shown[session] = [];
        looks.Add(shown);
        if (looks.Count > KeptLooks)
        {
            looks.RemoveAt(0);
        }
    }

    private void Delivered(DeliverAnswered answered)
    {
        if (answered.Result is DeliverResult.NotSent or DeliverResult.Busy or DeliverResult.Refused or DeliverResult.Gone)
        {
            _mayHaveArrived.Remove(answered.Prompt.Key);
        }

        if (answered.Result is DeliverResult.Gone)
        {
            Missed(answered.Session);
        }

        if (answered.Result is DeliverResult.Unknown)
        {
            _unknown[answered.Prompt.Key] = (_world.Now, _senders[answered.Prompt]); // a call of a node that died is answered when the next one has begun
        }
    }

    /// <summary>An instance that is down is left alone: nothing new is tried when the node has had time to hear of it.</summary>
    private void CheckUp(SimHarness harness)
    {
        if (IsDownFor(harness.Instance, TimeToHear) && !(_world.Now - _world.AwakeSince < TimeToHear))
        {
            Break(Rule.Gate, $"{harness.Instance} is called, and has been down since {harness.DownSince:T}");
        }
    }

    private void CheckStored(SimHarness harness, SimSession session, SimMessage message)
    {
        if (message.Key is not { } key)
        {
            return;
        }

        // Against a network that doubles a request only a harness that keeps keys can help.
        if (message.Late && CanOnlyGuess(harness.Instance))
        {
            return;
        }

        // The double may also have come first, and have had the request itself turned away.
        var entries = CanOnlyGuess(harness.Instance) ? session.Messages.Count(m => m.Key == key && !m.Late) : session.Entries(key);
        if (entries > 1)
        {
            Break(Rule.ToldOnce, $"{key} entered {session.Address} {entries} times");
        }

        if (_books.WakeOf(Base(key)) is { } wake)
        {
            CheckWakeText(session, message, wake, isNudge: wake.Key != key);
        }
    }

    private void CheckWakeText(SimSession session, SimMessage message, BookedWake wake, bool isNudge)
    {
        if (wake.Session.Address != session.Address.Id || wake.Session.Instance != session.Address.Instance)
        {
            Break(Rule.OneNotice, $"{wake.Id} of {wake.Session.Instance}/{wake.Session.Address} entered {session.Address}");
        }

        if (!message.Text.StartsWith("[Rouse notice]", StringComparison.Ordinal) || !message.Text.Contains("o person has spoken", StringComparison.Ordinal))
        {
            Break(Rule.NoPerson, $"{wake.Id} does not say what it is: {message.Text}");
        }

        // A person may speak, and the agent ask, while the dispatch is on its way: nobody can prevent that.
        if (session.OpenQuestion is not null && session.Working && !message.Late && _world.Now - session.AskedAt > _world.Options.DispatchDeadline)
        {
            Break(Rule.NoPerson, $"{wake.Id} entered {session.Address} while a question was open");
        }

        if (isNudge)
        {
            if (message.Text.Contains("Task: ", StringComparison.Ordinal))
            {
                Break(Rule.ToldOnce, $"the nudge of {wake.Id} tells again: {message.Text}");
            }

            return;
        }

        // A double whose first copy was turned away brings what was claimed then.
        if (!message.Late)
        {
            CheckContent(message.Text, wake);
        }

        if (!_told.TryGetValue(session.Address, out var told))
        {
            _told[session.Address] = told = new HashSet<string>(StringComparer.Ordinal);
        }

        var tasks = message.Late
            ? message.Text.Split('\n').Where(l => l.StartsWith("Task: ", StringComparison.Ordinal)).Select(l => l["Task: ".Length..])
            : wake.Notices.Where(n => n.Kind == "settled").Select(n => n.Task.Id);
        foreach (var task in tasks)
        {
            if (!told.Add(task))
            {
                Break(Rule.ToldOnce, $"{task} is told in full again in {session.Address}");
            }
        }
    }

    /// <summary>As many sessions as a lane allows are at work for it: counted in the harnesses, not in the journal.</summary>
    private void CheckTurn(SimHarness harness, SimSession session, SimTurn turn)
    {
        // A send stores first and then runs: what joined a person's turn in between, and was stopped with it, runs all the same.
        if (turn.Prompt is { Key: { } key, Late: false } && harness.Runs[key] > 1 && _books.WakeOf(Base(key)) is null && HadEffects(session, turn.Prompt, _sentLast[key]))
        {
            Break(Rule.RunOnce, $"{key} was run again in {session.Address} after it had had effects");
        }

        CheckRuns(harness, turn.Prompt);
        if (turn.Prompt.Key is null || turn.Prompt.Late || _books.At(harness.Instance, session.Address.Id)?.Task is null)
        {
            return;
        }

        CheckStopped(harness, session, turn);
        var atWork = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var task in _books.Tasks.Values)
        {
            foreach (var attempt in task.Attempts.Where(a => a is { Session: not null }))
            {
                if (_world.Harnesses[attempt.Session!.Instance].Find(attempt.Session.Address)?.Turn is { Prompt: { Key: not null, Late: false } })
                {
                    foreach (var lane in attempt.Lanes)
                    {
                        atWork[lane] = atWork.GetValueOrDefault(lane) + 1;
                    }
                }
            }
        }

        foreach (var (lane, count) in atWork)
        {
            if (_world.Options.Lanes.LimitOf(lane) is { } limit && count > limit)
            {
                Break(Rule.Lanes, $"{count} sessions work for the lane {lane}, and its limit is {limit}");
            }
        }
    }

    /// <summary>Nothing begins in a session that was seen ended.</summary>
    private void CheckStopped(SimHarness harness, SimSession session, SimTurn turn)
    {
        var task = _books.At(harness.Instance, session.Address.Id)!.Task!;
        var attempt = task.Attempts.First(a => a.Session?.Address == session.Address.Id);
        if (attempt.Ended && (task.IsSettled || attempt != task.Current))
        {
            Break(Rule.StaysCancelled, $"{turn.Prompt.Key} begins in {session.Address}, and attempt {attempt.Number} of {task.Id} was seen ended");
        }
    }

    private static bool HadEffects(SimSession session, SimMessage prompt, DateTimeOffset before) =>
        session.Messages.Any(m => m.Answers == prompt && m.At < before && (m.RanTools || m.ToolOpen || m.Text.Length > 0));

    /// <summary>A nudge has its wake's key with a letter behind it.</summary>
    private static string Base(string key) => key.EndsWith('n') ? key[..^1] : key;

    /// <param name="Open">When a look last found it open.</param>
    /// <param name="Heard">When the node heard of that.</param>
    /// <param name="Closed">Why a look that was taken after that found it closed.</param>
    /// <param name="Shut">When the newest look that said so was taken, and what it met.</param>
    /// <param name="SlowReads">How many slow reads there had been by then.</param>
    private sealed record Look(DateTimeOffset? Open, DateTimeOffset? Heard, string? Closed, (DateTimeOffset? At, string? Why) Shut, int SlowReads);

    /// <summary>What a look that could read the session has shown.</summary>
    /// <param name="At">When it was taken.</param>
    /// <param name="Heard">When the node heard of it.</param>
    /// <param name="OldSince">When the first look after it failed.</param>
    private sealed record Shown(DateTimeOffset At, DateTimeOffset Heard, Inspection Inspection, DateTimeOffset? OldSince = null);
}
