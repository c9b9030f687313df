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

    private readonly Dictionary<Address, Look> _looks = [];
    private readonly Dictionary<Address, HashSet<string>> _told = [];
    private readonly Dictionary<Address, DateTimeOffset> _spoken = [];
    private readonly Dictionary<string, int> _sends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset At, SimNode Node)> _unknown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimNode> _senders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _creations = new(StringComparer.Ordinal);

    private void Watch(SimHarness harness)
    {
        harness.OnStored += stored => CheckStored(harness, stored.Session, stored.Message);
        harness.OnInspected += Looked;
        harness.OnDeliverCalled += called => CheckDeliver(called.Session, called.Prompt);
        harness.OnDelivered += Delivered;
        harness.OnCreateCalled += called => CheckCreate(harness, called.Spec);
        harness.OnAbortCalled += _ => CheckUp(harness);
        harness.OnTurnBegan += began => CheckTurn(harness, began.Session, began.Turn);
    }

    /// <summary>What a look truly met, judged when it was taken and without the product's own gate.</summary>
    private void Looked(SessionInspected look)
    {
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
        if (why is null && session?.Messages.Take(look.Truth!.Messages).LastOrDefault(m => m.Origin == MessageOrigin.Person) is { } spoken)
        {
            _spoken[look.Session] = spoken.At;
        }

        var known = _looks.GetValueOrDefault(look.Session);
        _looks[look.Session] = why is null
            ? new Look(look.Truth!.At, _world.Now, Closed: null)
            : new Look(known?.Open, known?.Heard, look.Truth?.At > known?.Heard ? why : known?.Closed);
    }

    private void Delivered(DeliverAnswered answered)
    {
        if (answered.Result is DeliverResult.Unknown)
        {
            _unknown[answered.Prompt.Key] = (_world.Now, _senders.GetValueOrDefault(answered.Prompt.Key)!);
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

    private void CheckCreate(SimHarness harness, NewSession spec)
    {
        CheckUp(harness);
        var attempt = string.Join(' ', spec.Metadata.Values);
        if (!_creations.TryAdd(attempt, spec.Key) && _creations[attempt] != spec.Key)
        {
            Break(Rule.RunOnce, $"a session is asked for under {spec.Key} and under {_creations[attempt]} for {attempt}");
        }
    }

    private void CheckDeliver(Address address, Prompt prompt)
    {
        CheckUp(_world.Harnesses[address.Instance]);
        CheckSend(address, prompt);
        if (prompt.IsWake)
        {
            // A look takes its time to arrive. Where reads are slow, another one may come in between that is closed and not the dispatch's own.
            if (!_looks.TryGetValue(address, out var look) || look.Open is not { } open || _world.Now - open > FreshLook
                || (look.Closed is not null && _world.Journal.Faults.EachRead is null))
            {
                Break(Rule.Gate, $"{prompt.Key} is sent into {address} without a fresh look that found it open; the last one said: {look?.Closed ?? "nothing, there was none"}");
            }

            // A harness dates its messages by its own clock: where the node's differs, nobody can say how long ago a person spoke.
            if (_world.ClockIsOffBy == TimeSpan.Zero && _spoken.TryGetValue(address, out var spoken) && _world.Now - spoken <= _world.Options.Rules.PersonWindow)
            {
                Break(Rule.Gate, $"{prompt.Key} is sent into {address} {(_world.Now - spoken).TotalSeconds:0.0} s after a person has spoken there, and a look showed it");
            }

            if (_books.WakeOf(Base(prompt.Key)) is not { } wake || !wake.InFlight || wake.Session.Address != address.Id || wake.Session.Instance != address.Instance)
            {
                Break(Rule.NothingForgotten, $"{prompt.Key} is sent into {address}, and no wake in flight says so");
            }

            return;
        }

        var task = _books.At(address.Instance, address.Id)?.Task;
        if (task is null)
        {
            Break(Rule.DurableFirst, $"{prompt.Key} is sent into {address} before its address is recorded");
        }

        CheckBegins(task, $"{prompt.Key} is sent into {address}");
        if (_asked.TryGetValue((task.From.Id, task.Key!), out var asked) && prompt.Text != asked.Work.Prompt)
        {
            Break(Rule.AsAsked, $"{prompt.Key} says '{prompt.Text}'; asked was '{asked.Work.Prompt}'");
        }
    }

    /// <summary>What was sent and may have arrived is read back for a while before it is sent again, and it never changes.</summary>
    private void CheckSend(Address address, Prompt prompt)
    {
        _sends[prompt.Key] = _sends.GetValueOrDefault(prompt.Key) + 1;
        _senders[prompt.Key] = _world.Newest;
        var isAdmitted = prompt.IsWake
            ? _books.WakeOf(Base(prompt.Key)) is { Phase: "admitted" }
            : _books.At(address.Instance, address.Id)?.Task?.Current.Admitted ?? false;
        if (!isAdmitted && _unknown.TryGetValue(prompt.Key, out var unknown) && unknown.Node == _world.Newest && _world.Now - unknown.At < _world.Options.Rules.ReadBackQuiet)
        {
            Break(Rule.ToldOnce, $"{prompt.Key} is sent again {(_world.Now - unknown.At).TotalSeconds:0.0} s after a send that may have arrived");
        }

        var content = _books.WakeOf(prompt.Key) is { InFlight: true } wake ? $"{prompt.Key} {wake.Epoch}" : null;
        if (content is not null && !_contents.TryAdd(content, prompt.Text) && _contents[content] != prompt.Text)
        {
            Break(Rule.ToldOnce, $"{prompt.Key} says something else than when it was sent before:\n{prompt.Text}\nbefore:\n{_contents[content]}");
        }
    }

    /// <summary>Once it was said to be cancelled, nothing begins for it any more. (A session may be created once more: that is how it is found.)</summary>
    private void CheckBegins(BookedTask task, string what)
    {
        if (task.CancelTold is { } told && told < _world.Now)
        {
            Break(Rule.StaysCancelled, $"{what} for {task.Id}, whose end as {task.Status} was told before");
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

        if (session.Entries(key) > 1)
        {
            Break(Rule.ToldOnce, $"{key} entered {session.Address} {session.Entries(key)} times");
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

        var mentioned = message.Text.Split('\n').Where(l => l.StartsWith("Task: ", StringComparison.Ordinal)).Select(l => l[6..]);
        foreach (var id in mentioned.Except(wake.Notices.Select(n => n.Task.Id), StringComparer.Ordinal))
        {
            Break(Rule.AsAsked, $"{wake.Id} tells of {id}, and brings no notice of it");
        }

        if (!_told.TryGetValue(session.Address, out var told))
        {
            _told[session.Address] = told = new HashSet<string>(StringComparer.Ordinal);
        }

        foreach (var notice in wake.Notices.Where(n => n.Kind == "settled"))
        {
            if (!message.Text.Contains($"Task: {notice.Task.Id}\n", StringComparison.Ordinal))
            {
                Break(Rule.NothingForgotten, $"{wake.Id} brings {notice.Id} and does not tell of {notice.Task.Id}");
            }

            if (!told.Add(notice.Task.Id))
            {
                Break(Rule.ToldOnce, $"{notice.Task.Id} is told in full again in {session.Address}");
            }
        }
    }

    /// <summary>As many sessions as a lane allows are at work for it: counted in the harnesses, not in the journal.</summary>
    private void CheckTurn(SimHarness harness, SimSession session, SimTurn turn)
    {
        if (turn.Prompt is { Key: { } key, Late: false } && harness.Runs[key] > 1 && _books.WakeOf(Base(key)) is null && HadEffects(session, turn.Prompt))
        {
            Break(Rule.RunOnce, $"{key} was run again in {session.Address} after it had had effects");
        }

        if (turn.Prompt.Key is null || turn.Prompt.Late || _books.At(harness.Instance, session.Address.Id)?.Task is null)
        {
            return;
        }

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

    private static bool HadEffects(SimSession session, SimMessage prompt) =>
        session.Messages.Any(m => m.Answers == prompt && (m.RanTools || m.ToolOpen || m.Text.Length > 0));

    /// <summary>A nudge has its wake's key with a letter behind it.</summary>
    private static string Base(string key) => key.EndsWith('n') ? key[..^1] : key;

    /// <param name="Open">When a look last found it open.</param>
    /// <param name="Heard">When the node heard of that.</param>
    /// <param name="Closed">Why a look that was taken after that found it closed.</param>
    private sealed record Look(DateTimeOffset? Open, DateTimeOffset? Heard, string? Closed);
}
