using System.Globalization;
using System.Text.Json;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A plain record of what the journal's events say, kept from their JSON alone. It shares no code with the core: what the core
/// believes is held against it.
/// </summary>
public sealed class Books
{
    private readonly Dictionary<string, BookedTask> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BookedSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BookedNotice> _notices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BookedWake> _wakes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Instance, string Address), BookedSession> _addresses = [];
    private readonly Dictionary<string, BookedWake> _wakeKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<(string Kind, int Subject, int Attempt)>> _owed = new(StringComparer.Ordinal);
    private readonly HashSet<(string Lane, string Task, int Attempt)> _slots = [];
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Lane, string Crew), int> _heldBy = [];

    public IReadOnlyDictionary<string, BookedTask> Tasks => _tasks;

    public IReadOnlyDictionary<string, BookedSession> Sessions => _sessions;

    public IReadOnlyDictionary<string, BookedNotice> Notices => _notices;

    public IReadOnlyDictionary<string, BookedWake> Wakes => _wakes;

    /// <summary>How many slots of each lane are held.</summary>
    public IReadOnlyDictionary<string, int> Held => _held;

    public int HeldBy(string lane, string crew) => _heldBy.GetValueOrDefault((lane, crew));

    public BookedSession? At(string instance, string address) => _addresses.GetValueOrDefault((instance, address));

    public BookedWake? WakeOf(string key) => _wakeKeys.GetValueOrDefault(key);

    public bool Owes(string crew, string kind, int subject, int? attempt = null) =>
        _owed.TryGetValue(crew, out var owed) && (attempt is { } n ? owed.Contains((kind, subject, n)) : owed.Any(o => o.Kind == kind && o.Subject == subject));

    /// <summary>The part of an id that names its crew.</summary>
    public static string CrewOf(string id) => id.Split('_')[1];

    public static int NumberOf(string id) => int.Parse(id.AsSpan(id.LastIndexOf('_') + 1), CultureInfo.InvariantCulture);

    /// <summary>Books what a commit owes and holds; its events are booked one by one.</summary>
    public void BookRows(Commit commit)
    {
        var crew = commit.Crew.Stem;
        if (!_owed.TryGetValue(crew, out var owed))
        {
            _owed[crew] = owed = [];
        }

        foreach (var key in commit.Settled)
        {
            owed.Remove((key.Kind.ToString(), key.Subject, key.Attempt));
        }

        foreach (var o in commit.Owed)
        {
            owed.Add((o.Kind.ToString(), o.Subject, o.Attempt));
        }

        foreach (var slot in commit.SlotsFreed)
        {
            if (_slots.Remove((slot.Lane, slot.Task.ToString(), slot.Attempt)))
            {
                _held[slot.Lane]--;
                _heldBy[(slot.Lane, crew)]--;
            }
        }

        foreach (var slot in commit.SlotsTaken)
        {
            if (_slots.Add((slot.Lane, slot.Task.ToString(), slot.Attempt)))
            {
                _held[slot.Lane] = _held.GetValueOrDefault(slot.Lane) + 1;
                _heldBy[(slot.Lane, crew)] = HeldBy(slot.Lane, crew) + 1;
            }
        }
    }

    public bool HasSlots(BookedTask task, BookedAttempt attempt) => attempt.Lanes.All(l => _slots.Contains((l, task.Id, attempt.Number)));

    public bool HasAnySlot(BookedTask task, BookedAttempt attempt) => attempt.Lanes.Any(l => _slots.Contains((l, task.Id, attempt.Number)));

    /// <summary>Books one event and says what it was about, where a check may want to know.</summary>
    public Booked Book(NewEvent e)
    {
        using var document = JsonDocument.Parse(e.Data);
        var data = document.RootElement;
        switch (e.Type)
        {
            case "session.registered":
                return new Booked(e, Session: Add(data, Find(_sessions, data, "parent"), task: null));
            case "session.gone":
                var gone = _sessions[Text(data, "session")];
                gone.Gone = true;
                return new Booked(e, Session: gone);
            case "task.delegated":
                return new Booked(e, Task: Delegated(data, e.At));
            case "attempt.child-created":
                var created = _tasks[Text(data, "task")];
                Attempt(created, data).Session = Add(data, created.From, created);
                return new Booked(e, Task: created, Session: Attempt(created, data).Session);
            case var type when type.StartsWith("attempt.", StringComparison.Ordinal) || type.StartsWith("task.", StringComparison.Ordinal):
                var task = _tasks[Text(data, "task")];
                var wasSettled = task.IsSettled;
                TaskStep(type, task, data, e.At);
                return new Booked(e, Task: task, WasSettled: wasSettled, Attempt: data.TryGetProperty("attempt", out var number) ? number.GetInt32() : 0);
            case "notice.posted":
                var notice = Posted(data);
                return new Booked(e, Task: notice.Task, Notice: notice);
            case var type when type.StartsWith("notice.", StringComparison.Ordinal):
                var ended = _notices[Text(data, "notice")];
                End(ended, type[7..]);
                return new Booked(e, Notice: ended);
            case "wake.due":
                var due = new BookedWake(Text(data, "wake"), _sessions[Text(data, "session")], Text(data, "key"));
                (_wakes[due.Id], _wakeKeys[due.Key]) = (due, due);
                due.Session.Wakes.Add(due);
                return new Booked(e, Wake: due);
            case var type when type.StartsWith("wake.", StringComparison.Ordinal):
                var wake = _wakes[Text(data, "wake")];
                var (was, epoch) = (wake.Phase, wake.Epoch);
                WakeStep(type, wake, data);
                return new Booked(e, Wake: wake, WakeWas: was, EpochWas: epoch);
            default:
                throw new SimulationException($"the oracle does not know the event '{e.Type}'");
        }
    }

    private BookedSession Add(JsonElement data, BookedSession? parent, BookedTask? task)
    {
        var (id, address) = (Text(data, "session"), data.GetProperty("address"));
        if (!_sessions.TryGetValue(id, out var session))
        {
            session = new BookedSession(id, Text(address, "instance"), Text(address, "id"), parent);
            _sessions[id] = _addresses[(session.Instance, session.Address)] = session;
        }

        parent?.Nested.Remove(session);
        if (task is null)
        {
            parent?.Nested.Add(session);
        }

        (session.Task, session.Directory) = (task, Maybe(data, "directory"));
        return session;
    }

    private BookedTask Delegated(JsonElement data, DateTimeOffset at)
    {
        var spec = data.GetProperty("spec");
        var from = _sessions[Text(spec, "from")];
        var task = new BookedTask(Text(data, "task"), from)
        {
            Key = Maybe(spec, "key"), Wake = Maybe(spec, "wake") ?? "all", Group = Maybe(spec, "group") ?? "", Round = data.TryGetProperty("round", out var r) ? r.GetInt32() : 0,
            Deadline = spec.TryGetProperty("deadline", out var deadline) ? deadline.GetDateTimeOffset() : null, Instance = Text(spec, "instance"),
            Priority = spec.TryGetProperty("priority", out var priority) ? priority.GetInt32() : 0, Model = Maybe(spec, "model"), Fallbacks = Texts(spec, "fallbacks"),
        };
        task.Attempts.Add(new BookedAttempt { Number = 1, Lanes = Texts(data, "lanes"), Model = task.Model, QueuedAt = at });
        from.Delegated.Add(task);
        return _tasks[task.Id] = task;
    }

    private static void TaskStep(string type, BookedTask task, JsonElement data, DateTimeOffset at)
    {
        switch (type)
        {
            case "attempt.started":
                (task.Status, Attempt(task, data).Started) = ("starting", true);
                break;
            case "attempt.prompt-admitted":
                (task.Status, Attempt(task, data).Admitted) = ("running", true);
                break;
            case "attempt.ended":
                var ended = Attempt(task, data);
                (ended.Ended, ended.SeenEnded, ended.AbortOwed) = (true, true, false);
                break;
            case "attempt.replaced":
                var old = Attempt(task, data);
                old.AbortOwed = data.GetProperty("abortOwed").GetBoolean();
                (old.Ended, old.EndedAtRest) = (old.Ended || !old.AbortOwed, task.Status == "settling");
                old.Error = Error(data);
                task.Status = "queued";
                task.Attempts.Add(new BookedAttempt { Number = old.Number + 1, Lanes = Texts(data, "lanes"), Model = Maybe(data, "model"), QueuedAt = at });
                break;
            case "task.settling":
                task.Status = "settling";
                break;
            case "task.resumed":
                task.Status = "running";
                break;
            case "task.settled":
                var outcome = data.GetProperty("outcome");
                var current = task.Current;
                current.AbortOwed = data.GetProperty("abortOwed").GetBoolean();
                (current.Ended, current.EndedAtRest) = (current.Ended || !current.AbortOwed, task.Status == "settling");
                (task.Status, task.Reason, task.IsSettled) = (Text(outcome, "status"), Maybe(outcome, "reason"), true);
                task.Output = outcome.TryGetProperty("output", out var output) ? Text(output, "hash") : null;
                (task.Error, task.Partial, task.Truncated) = (Error(outcome), IsSet(outcome, "partial"), IsSet(outcome, "truncated"));
                break;
            case "task.late-result":
                task.LateResult = Text(data.GetProperty("result"), "hash");
                break;
        }
    }

    private BookedNotice Posted(JsonElement data)
    {
        var session = _sessions[Text(data, "session")];
        var notice = new BookedNotice(
            Text(data, "notice"), session, _tasks[Text(data, "task")], Maybe(data, "kind") ?? "settled", IsSet(data, "wakes"));
        session.Notices.Add(notice);
        notice.Task.Notices.Add(notice);
        return _notices[notice.Id] = notice;
    }

    private void WakeStep(string type, BookedWake wake, JsonElement data)
    {
        switch (type)
        {
            case "wake.rescheduled":
                wake.IsTimed = data.TryGetProperty("dueAt", out _);
                break;
            case "wake.dropped":
                wake.Phase = "dropped";
                break;
            case "wake.leased":
                (wake.Phase, wake.Epoch) = ("leased", data.GetProperty("epoch").GetInt32());
                wake.Notices.Clear();
                wake.Notices.AddRange(Texts(data, "notices").Select(n => _notices[n]));
                wake.Notices.ForEach(n => n.Wake = wake);
                (wake.Mentions, wake.StillOpen) = (Texts(data, "mentions"), Texts(data, "stillOpen"));
                break;
            case "wake.held":
                wake.Hold = Text(data, "reason");
                break;
            case "wake.released":
                (wake.Phase, wake.Hold) = ("due", Text(data, "reason"));
                wake.Notices.ForEach(n => n.Wake = null);
                wake.Notices.Clear();
                break;
            case "wake.dispatched":
                (wake.Phase, wake.Sends) = ("dispatched", wake.Sends + 1);
                break;
            case "wake.admitted":
                wake.Phase = "admitted";
                break;
            case "wake.nudged":
                wake.Nudged = true;
                break;
            case "wake.nudge-withdrawn":
                wake.Nudged = false;
                break;
            case "wake.consumed":
                wake.Phase = "consumed";
                wake.Notices.ForEach(n => End(n, "consumed"));
                break;
            case "wake.dead-lettered":
                (wake.Phase, wake.DeadLetter) = ("dead-lettered", Text(data, "reason"));
                foreach (var notice in wake.Notices.Concat(Texts(data, "notices").Select(n => _notices[n])).ToList())
                {
                    End(notice, "dead-lettered");
                }

                break;
        }
    }

    private static void End(BookedNotice notice, string state) => notice.State = notice.IsOwed ? state : notice.State;

    private static (string Class, string Reason)? Error(JsonElement data) =>
        data.TryGetProperty("error", out var error) ? (Text(error, "class"), Text(error, "reason")) : null;

    private static bool IsSet(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.GetBoolean();

    private static BookedAttempt Attempt(BookedTask task, JsonElement data) => task.Attempts[data.GetProperty("attempt").GetInt32() - 1];

    private static T? Find<T>(Dictionary<string, T> all, JsonElement data, string name)
        where T : class => Maybe(data, name) is { } id ? all[id] : null;

    private static string Text(JsonElement data, string name) => data.GetProperty(name).GetString()!;

    private static string? Maybe(JsonElement data, string name) => data.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string[] Texts(JsonElement data, string name) =>
        data.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(v => v.GetString()!)] : [];
}

/// <summary>What an event was about, after it was booked.</summary>
public readonly record struct Booked(
    NewEvent Event, BookedTask? Task = null, BookedSession? Session = null, BookedNotice? Notice = null, BookedWake? Wake = null, bool WasSettled = false,
    string? WakeWas = null, int EpochWas = 0, int Attempt = 0);
