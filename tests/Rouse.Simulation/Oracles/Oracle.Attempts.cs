using System.Globalization;
using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>Why an attempt ends, what is kept of it, and what comes after it.</summary>
public sealed partial class Oracle
{
    /// <summary>So many tries at least leave no trace before an attempt is given up.</summary>
    private const int FewTries = 10;

    /// <summary>More calls in one second for one session are a storm: every retry backs off.</summary>
    private const int Storm = 200;

    /// <summary>The first model that was not tried, of a provider that has not failed; none after an error that another model would meet too.</summary>
    private static string? NextModel(BookedTask task, IReadOnlyList<(string? Model, (string Class, string Reason) Error)> tried)
    {
        var dead = tried.Where(t => t.Error.Class == "provider" && t.Error.Reason != "unknown-model").Select(t => t.Model?.Split('/')[0]).ToList();
        return tried[^1].Error.Class is "passing" or "provider" or "interrupted"
            ? task.Fallbacks.FirstOrDefault(f => !tried.Any(t => t.Model == f) && !dead.Contains(f.Split('/')[0]))
            : null;
    }

    private void CheckNext(BookedTask task)
    {
        CheckLanes(task);
        var tried = task.Attempts.SkipLast(1).Select(a => (a.Model, a.Error!.Value)).ToList();
        if (NextModel(task, tried) is var next && (next is null || next != task.Current.Model))
        {
            Break(Rule.AsAsked, $"{task.Id} failed with {tried[^1].Model} ({tried[^1].Value}), and goes on with {task.Current.Model}; it should with {next ?? "none"}");
        }

        foreach (var open in task.Attempts[^2].Session?.Under.SelectMany(s => s.Delegated).Where(t => !t.IsSettled) ?? [])
        {
            Break(Rule.Quiescent, $"{open.Id} is {open.Status}, and the attempt of {task.Id} that delegated it was replaced");
        }

        CheckIsStill(task.Attempts[^2], task);
        CheckGivenUp(task, task.Attempts[^2], tried[^1].Value.Reason);
    }

    /// <summary>An attempt is given up when many tries have left no trace, and not before.</summary>
    private void CheckGivenUp(BookedTask task, BookedAttempt attempt, string? reason)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{task.Crew}_t{task.Number}a{attempt.Number}");
        var tries = reason switch { "not-stored" => _sends.GetValueOrDefault(key), "not-created" => _created.GetValueOrDefault(key), _ => FewTries };
        if (tries < FewTries)
        {
            Break(Rule.Evidence, $"attempt {attempt.Number} of {task.Id} was given up ({reason}) after {tries} tries");
        }
    }

    /// <summary>What counts as ended without an abort does not work, and no wake was on its way there.</summary>
    private void CheckIsStill(BookedAttempt attempt, BookedTask task)
    {
        if (attempt is { Ended: true, Session: { } over } && _commit.Find(b => IsInFlightInto(b, over)) is { Wake: { } woken })
        {
            Break(Rule.Evidence, $"attempt {attempt.Number} of {task.Id} is over without an abort, and {woken.Id} was under way into {woken.Session.Address}");
        }

        foreach (var booked in attempt is { Ended: true, Session: { } own } ? own.Under.Where(s => !HasMovedOn(s)) : [])
        {
            if (_world.Harnesses[booked.Instance].Find(booked.Address)?.Turn is { Prompt: { Key: { } key, Late: false } } && !IsGivenUp(key))
            {
                Break(Rule.Evidence, $"attempt {attempt.Number} of {task.Id} is over without an abort, and {booked.Address} works");
            }
        }
    }

    /// <summary>What people are to look at works for nobody.</summary>
    private bool IsGivenUp(string key) => _books.WakeOf(Base(key)) is { DeadLetter: "Unknown" or "NotBegun" or "NotConsumed" };

    private static bool IsInFlightInto(Booked b, BookedSession session) =>
        b is { Event.Type: "wake.dead-lettered", WakeWas: "leased" or "dispatched" or "admitted", Wake: { DeadLetter: "TaskSettled" or "AttemptReplaced" } wake }
        && session.Under.Contains(wake.Session);

    /// <summary>How an attempt ended, against what the newest look at its session has shown.</summary>
    private void CheckWords(BookedTask task)
    {
        var tried = task.Attempts.Select((a, i) => (a.Model, a.Error ?? task.Error ?? ("", ""))).ToList();
        if (task.Status == "failed" && task.Error is { Class: "passing" or "provider" } && NextModel(task, tried) is { } left)
        {
            Break(Rule.AsAsked, $"{task.Id} failed ({task.Error}), and {left} was not tried");
        }

        if (task.Error?.Class == "aborted" && task.Status != "cancelled" && task.Reason != "deadline")
        {
            Break(Rule.Evidence, $"{task.Id} was stopped by somebody, and counts as {task.Status}");
        }

        if (task.Output is not null && task.Partial == (task.Status == "completed"))
        {
            Break(Rule.Evidence, $"{task.Id} is {task.Status}, and its output counts as {(task.Partial ? "a part" : "the whole")}");
        }

        CheckGivenUp(task, task.Current, task.Reason);
        if (task.Current.Session is not { } session)
        {
            return;
        }

        CheckIsStill(task.Current, task);
        if (task.Reason == "session-gone" && _world.Harnesses[session.Instance].Find(session.Address) is not null)
        {
            Break(Rule.Evidence, $"{task.Id} became {task.Status} as its session was gone, and {session.Address} is there");
        }

        if (task.Reason == "prompt-unknown" && !_unknown.ContainsKey(KeyOf(task)) && task.Current.ClaimedBy == _world.Newest
            && task.Current.Struck == _world.Journal.Faults.Struck)
        {
            Break(Rule.Evidence, $"{task.Id} is lost because nobody knows whether its prompt arrived, and nothing has come in between");
        }

        if (ShownOf(session) is { } shown && !HasMovedOn(session))
        {
            CheckShown(task, session, shown);
        }
    }

    private void CheckShown(BookedTask task, BookedSession session, Shown shown)
    {
        var newest = shown.Inspection.Messages.Reverse().TakeWhile(m => m.Origin == MessageOrigin.Agent).ToList();
        var words = newest.Find(m => !string.IsNullOrWhiteSpace(m.Text));
        if (task.Status == "completed" && words is not null && _world.Journal.Body(new BodyRef(task.Output!, Size: 0)) != words.Text)
        {
            Break(Rule.Evidence, $"{task.Id} completed with something else than its last words in {session.Address}, '{words.Text}'");
        }

        if (task.Status == "completed" && newest is [var last, ..] && last.Truncated != task.Truncated)
        {
            Break(Rule.Evidence, $"{task.Id} {(task.Truncated ? "counts" : "does not count")} as truncated, and its last turn says otherwise");
        }

        var rules = _world.Options.Rules;
        if (task.Status == "completed" && shown.Inspection.OpenTodos is not [] && newest is [var end, ..] && _world.ClockIsOffBy == TimeSpan.Zero
            && (_world.Now - end.At).Duration() < rules.TodoGrace && !HasJumpedSince(end.At))
        {
            Break(Rule.Quiescent, $"{task.Id} completed {_world.Now - end.At} after its last message, and its todos are open");
        }

        if (task is { Status: "failed" or "cancelled", Error: { Reason: "unlucky" or "aborted" or "interrupted" } error, Output: null } && words is not null)
        {
            Break(Rule.Evidence, $"{task.Id} failed ({error}), and '{words.Text}' that it had said is lost");
        }

        // The turn's last message may have been there when it was looked at, and the turn have gone on without a word.
        var idle = _idleSince.GetValueOrDefault(At(session));
        if (task.Reason == "empty" && (words is not null || (_world.Now - idle < rules.EmptyAfter / 2 && !HasJumpedSince(idle))))
        {
            Break(Rule.Evidence, $"{task.Id} failed as empty {_world.Now - idle} after its turn{(words is null ? "" : $", which said '{words.Text}'")}");
        }
    }

    /// <summary>What the newest look that could read it had shown when the commit was decided on.</summary>
    private Shown? ShownOf(BookedSession session) => _shown.GetValueOrDefault(At(session))?.FindLast(s => s.Heard <= _decidedAt);

    /// <summary>Something has happened in it since that look, or in the same moment.</summary>
    private bool HasMovedOn(BookedSession session) =>
        _world.Harnesses[session.Instance].Find(session.Address) is not { } there || ShownOf(session) is not { } shown
        || there.Messages.Any(m => m.At > shown.At) || (_idleSince.TryGetValue(there.Address, out var idle) && idle >= shown.At);

    private static string KeyOf(BookedTask task) => string.Create(CultureInfo.InvariantCulture, $"{task.Crew}_t{task.Number}a{task.Current.Number}");

    /// <summary>What was thrown away late: the newest look showed what it had said.</summary>
    private void CheckLateResult(BookedTask task, BookedAttempt attempt)
    {
        if (task is { IsSettled: true, Output: null, LateResult: null } && attempt == task.Current && attempt.Session is { } session && !HasMovedOn(session)
            && ShownOf(session) is { } shown && !(shown.OldSince <= _decidedAt) && shown.At > task.SettledAt && HasSpoken(shown, session, task)
            && !_commit.Exists(b => b.Event.Type == "task.late-result"))
        {
            Break(Rule.Evidence, $"{task.Id} was stopped, and what it had said in {session.Address} is not kept");
        }
    }

    /// <summary>It has said something since its prompt, by when its harness has stored that.</summary>
    private bool HasSpoken(Shown shown, BookedSession session, BookedTask task) =>
        _world.Harnesses[session.Instance].Find(session.Address)!.Messages.Find(KeyOf(task)) is { } prompt
        && shown.Inspection.Messages.Any(m => m.Origin == MessageOrigin.Agent && !string.IsNullOrWhiteSpace(m.Text) && m.At > prompt.At);

    /// <summary>Gone is what was missing three times, a minute apart, or what its harness has said was deleted.</summary>
    private void CheckMissed(BookedSession session)
    {
        var missed = _missed.GetValueOrDefault(At(session), []);
        if (!_deleted.Contains(At(session)) && (missed.Count < 3 || missed[^1] - missed[0] < _world.Options.Rules.GoneAfter))
        {
            Break(Rule.Evidence, $"{session.Id} counts as gone after {missed.Count} looks that missed it");
        }
    }

    private void CheckStorm(Address address, string call)
    {
        var (second, calls) = _calls.GetValueOrDefault((address, call));
        calls = _world.Now - second < TimeSpan.FromSeconds(1) ? calls + 1 : 1;
        _calls[(address, call)] = (calls == 1 ? _world.Now : second, calls);
        if (calls > Storm)
        {
            Break(Rule.NoStorm, $"{call} was called {calls} times within a second for {address}");
        }
    }
}
