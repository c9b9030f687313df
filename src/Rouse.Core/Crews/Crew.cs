using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Rouse.Core;

/// <summary>
/// The state of one crew: a root session and all its descendants. It is the consistency boundary: one crew, one event stream, one writer.
/// </summary>
/// <remarks>
/// Immutable. <see cref="Decide"/> turns an input into events without changing anything; <see cref="Apply"/> gives the state after an event;
/// <see cref="Owes()"/> says what the crew owes the world. All three are pure functions.
/// </remarks>
public sealed partial record Crew
{
    public required CrewId Id { get; init; }

    /// <summary>How many events have been applied.</summary>
    public long Version { get; init; }

    /// <summary>The highest number given to anything in the crew.</summary>
    public int LastNumber { get; init; }

    public ImmutableSortedDictionary<int, Session> Sessions { get; init => field = value ?? ImmutableSortedDictionary<int, Session>.Empty; } = ImmutableSortedDictionary<int, Session>.Empty;

    public ImmutableSortedDictionary<int, AgentTask> Tasks { get; init => field = value ?? ImmutableSortedDictionary<int, AgentTask>.Empty; } = ImmutableSortedDictionary<int, AgentTask>.Empty;

    public ImmutableSortedDictionary<int, Notice> Notices { get; init => field = value ?? ImmutableSortedDictionary<int, Notice>.Empty; } = ImmutableSortedDictionary<int, Notice>.Empty;

    public ImmutableSortedDictionary<int, Wake> Wakes { get; init => field = value ?? ImmutableSortedDictionary<int, Wake>.Empty; } = ImmutableSortedDictionary<int, Wake>.Empty;

    /// <summary>Numbers of the sessions that were registered below another one: the harness opened them, no task of Rouse's did.</summary>
    public ImmutableSortedSet<int> Nested { get; init => field = value ?? []; } = [];

    /// <summary>By the number of the session.</summary>
    public ImmutableSortedDictionary<int, Mailbox> Mailboxes { get; init => field = value ?? ImmutableSortedDictionary<int, Mailbox>.Empty; } = ImmutableSortedDictionary<int, Mailbox>.Empty;

    /// <summary>The tasks that idempotency keys have made, by the delegating session's number and the key.</summary>
    public ImmutableSortedDictionary<string, int> Keys
    {
        get;
        init => field = (value ?? ImmutableSortedDictionary<string, int>.Empty).WithComparers(StringComparer.Ordinal); // JSON carries no comparer
    } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    [JsonIgnore]
    public int OpenTasks => Tasks.Values.Count(t => !t.IsSettled);

    public static Crew New(CrewId id) => new() { Id = id };

    public AgentTask? Find(TaskId task) => task.Crew == Id ? Tasks.GetValueOrDefault(task.Number) : null;

    public Session? Find(SessionId session) => session.Crew == Id ? Sessions.GetValueOrDefault(session.Number) : null;

    public Notice? Find(NoticeId notice) => notice.Crew == Id ? Notices.GetValueOrDefault(notice.Number) : null;

    public Wake? Find(WakeId wake) => wake.Crew == Id ? Wakes.GetValueOrDefault(wake.Number) : null;

    public Session? Find(Address address) => Sessions.Values.FirstOrDefault(s => s.Address == address);

    public Mailbox MailboxOf(SessionId session) => (session.Crew == Id ? Mailboxes.GetValueOrDefault(session.Number) : null) ?? Mailbox.Empty;

    /// <summary>The task whose current attempt runs in this session, while it is open.</summary>
    public AgentTask? OpenTaskIn(SessionId session) =>
        Find(session)?.Task is { } id && Find(id) is { IsSettled: false } task
        && (task.Current.Session == session || Sabotage.HeedsAnOlderAttempt) ? task : null;

    /// <summary>The open task whose work a session is: that in it, or that in the session which it hangs below.</summary>
    public AgentTask? OpenTaskOver(SessionId session) =>
        OpenTaskIn(session) ?? (Find(session) is { Task: null, Parent: { } parent } ? OpenTaskOver(parent) : null);

    /// <summary>
    /// A session with the sessions that its harness opened below it, and below those: they end with it, and what they delegated is its work.
    /// </summary>
    public IEnumerable<SessionId> Under(SessionId session) =>
        Nested.Where(n => !Sabotage.ForgetsWhatHangsBelow && Sessions.TryGetValue(n, out var nested) && nested.Parent == session).SelectMany(n => Under(Sessions[n].Id)).Prepend(session);

    /// <summary>
    /// Whether a notice in this session's mailbox has a living reader: the session of an older attempt has none, nor has what hangs below it.
    /// </summary>
    public bool CanRead(SessionId session) =>
        Find(session) is { IsGone: false } s
        && (s.Task is not null ? OpenTaskIn(session) is not null : s.Parent is not { } parent || CanRead(parent));

    /// <summary>The key that an attempt's session and prompt carry; it never changes.</summary>
    public static string AttemptKey(TaskId task, int attempt) => $"{task.Crew.Stem}_t{task.Number}a{attempt}";

    /// <summary>The key that a wake's message carries; it never changes.</summary>
    internal static string WakeKey(WakeId wake) => $"{wake.Crew.Stem}_w{wake.Number}";

    internal static string KeyOf(SessionId from, string key) => $"{from.Number}:{key}";
}
