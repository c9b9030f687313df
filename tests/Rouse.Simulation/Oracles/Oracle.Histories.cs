using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What must hold of the sessions themselves: of what enters them, when, and how often.</summary>
public sealed partial class Oracle
{
    /// <summary>The slowest way of an answer, and of the commit that may come in between.</summary>
    private static readonly TimeSpan FreshLook = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Address, Look> _looks = [];
    private readonly Dictionary<Address, HashSet<string>> _told = [];

    private void Watch(SimHarness harness)
    {
        harness.OnStored += stored => CheckStored(harness, stored.Session, stored.Message);
        harness.OnInspected += Looked;
        harness.OnDeliverCalled += called => CheckDeliver(called.Session, called.Prompt);
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
            var truth when session?.Messages.LastOrDefault(m => m.Origin == MessageOrigin.Person && m.At <= truth.At) is { } spoken
                && truth.At - spoken.At <= _world.Options.Rules.PersonWindow => "a person has just spoken",
            _ => null,
        };
        _looks[look.Session] = new Look(why is null ? look.Truth!.At : _looks.GetValueOrDefault(look.Session)?.Open, why);
    }

    private void CheckDeliver(Address address, Prompt prompt)
    {
        if (prompt.IsWake)
        {
            // Others look too, and a look takes its time to arrive: the one that this dispatch relies on is not always the last.
            if (!_looks.TryGetValue(address, out var look) || look.Open is not { } open || _world.Now - open > FreshLook)
            {
                Break(Rule.Gate, $"{prompt.Key} is sent into {address} without a fresh look that found it open; the last one said: {look?.Closed ?? "nothing, there was none"}");
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

        if (session.OpenQuestion is not null && session.Working && !message.Late)
        {
            Break(Rule.NoPerson, $"{wake.Id} entered {session.Address} while a question was open");
        }

        if (isNudge)
        {
            return;
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
        if (turn.Prompt.Key is { } key && harness.Runs[key] > 1 && _books.WakeOf(Base(key)) is null && HadEffects(session, turn.Prompt))
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
    /// <param name="Closed">Why the last look found it closed.</param>
    private sealed record Look(DateTimeOffset? Open, string? Closed);
}
