namespace Rouse.Simulation;

/// <summary>What the journal's events have said of a task.</summary>
public sealed class BookedTask(string id, BookedSession from)
{
    public string Id => id;

    /// <summary>The session that delegated it.</summary>
    public BookedSession From => from;

    public int Number { get; } = Books.NumberOf(id);

    public string Crew { get; } = Books.CrewOf(id);

    public string? Key { get; init; }

    /// <summary>all, each or none.</summary>
    public required string Wake { get; init; }

    public required string Group { get; init; }

    public required int Round { get; init; }

    public required DateTimeOffset? Deadline { get; init; }

    public required string Instance { get; init; }

    public required int Priority { get; init; }

    public required string? Model { get; init; }

    public required string[] Fallbacks { get; init; }

    /// <summary>queued, starting, running, settling, or how it ended.</summary>
    public string Status { get; set; } = "queued";

    public string? Reason { get; set; }

    public bool IsSettled { get; set; }

    /// <summary>The hash of what it produced.</summary>
    public string? Output { get; set; }

    /// <summary>The class and the reason of the error that it ended with.</summary>
    public (string Class, string Reason)? Error { get; set; }

    public bool Partial { get; set; }

    public bool Truncated { get; set; }

    /// <summary>The hash of what came when it had ended.</summary>
    public string? LateResult { get; set; }

    public DateTimeOffset SettledAt { get; set; }

    public List<BookedAttempt> Attempts { get; } = [];

    public BookedAttempt Current => Attempts[^1];

    public List<BookedNotice> Notices { get; } = [];

    /// <summary>When somebody was told by the reply to a cancel that it is cancelled.</summary>
    public DateTimeOffset? CancelTold { get; set; }

    /// <summary>Since when it waits for slots, where it does.</summary>
    public DateTimeOffset WaitsSince => Status == "queued" ? Current.QueuedAt : DateTimeOffset.MinValue;

    public bool Failed => Status is "failed" or "lost";

    /// <summary>The slots of an attempt are held from its start until its session was seen ended; a settling task holds none, and gets none by its end.</summary>
    public bool Holds(BookedAttempt attempt) => attempt is { Started: true, Ended: false, EndedAtRest: false } && (Status != "settling" || attempt != Current);
}

public sealed class BookedAttempt
{
    public required int Number { get; init; }

    public required string[] Lanes { get; init; }

    public required string? Model { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>The class and the reason of the error that it was replaced for.</summary>
    public (string Class, string Reason)? Error { get; set; }

    /// <summary>By which life of the node its prompt was claimed for its one send, and how often the store had failed by then.</summary>
    public SimNode? ClaimedBy { get; set; }

    public int Struck { get; set; }

    public bool Started { get; set; }

    public bool Ended { get; set; }

    /// <summary>It was stopped, and seen ended.</summary>
    public bool SeenEnded { get; set; }

    /// <summary>Its task was settling when it was over: what may have to be stopped is below.</summary>
    public bool EndedAtRest { get; set; }

    public bool AbortOwed { get; set; }

    public bool Admitted { get; set; }

    public BookedSession? Session { get; set; }
}

public sealed class BookedSession(string id, string instance, string address, BookedSession? parent)
{
    public string Id => id;

    public string Instance => instance;

    /// <summary>The harness's own id.</summary>
    public string Address => address;

    public BookedSession? Parent => parent;

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>The task whose attempt runs in it.</summary>
    public BookedTask? Task { get; set; }

    public bool Gone { get; set; }

    public string? Directory { get; set; }

    /// <summary>Rounds of groups that a wake has told: a name that is used again begins another.</summary>
    public HashSet<(string Group, int Round)> Told { get; } = [];

    /// <summary>What it delegated.</summary>
    public List<BookedTask> Delegated { get; } = [];

    public List<BookedNotice> Notices { get; } = [];

    public List<BookedWake> Wakes { get; } = [];

    /// <summary>Sessions below it that no task made.</summary>
    public List<BookedSession> Nested { get; } = [];

    public IEnumerable<BookedSession> Under => Nested.SelectMany(n => n.Under).Prepend(this);
}

public sealed class BookedNotice(string id, BookedSession session, BookedTask task, string kind, bool wakes)
{
    public string Id => id;

    public BookedSession Session => session;

    public BookedTask Task => task;

    public string Kind => kind;

    public bool Wakes => wakes;

    /// <summary>owed, consumed, acknowledged or dead-lettered.</summary>
    public string State { get; set; } = "owed";

    public BookedWake? Wake { get; set; }

    /// <summary>By the clock of the node that posted it.</summary>
    public DateTimeOffset PostedAt { get; set; }

    public bool IsOwed => State == "owed";
}

public sealed class BookedWake(string id, BookedSession session, string key)
{
    public string Id => id;

    public BookedSession Session => session;

    public string Key => key;

    public int Number { get; } = Books.NumberOf(id);

    public string Crew { get; } = Books.CrewOf(id);

    /// <summary>due, leased, dispatched, admitted, consumed, dead-lettered or dropped.</summary>
    public string Phase { get; set; } = "due";

    public bool IsTimed { get; set; } = true;

    public int Epoch { get; set; }

    public int Sends { get; set; }

    public string? DeadLetter { get; set; }

    public bool Nudged { get; set; }

    /// <summary>Why it waits, as it was said last.</summary>
    public string? Hold { get; set; }

    /// <summary>Tasks that it tells of in one line, and those that it says are still open.</summary>
    public string[] Mentions { get; set; } = [];

    public string[] StillOpen { get; set; } = [];

    /// <summary>Since when it has been owed and in no claim, by the world's clock.</summary>
    public DateTimeOffset DueSince { get; set; }

    /// <summary>When it was claimed last, by the world's clock.</summary>
    public DateTimeOffset LeasedAt { get; set; }

    /// <summary>By which life of the node it was claimed last, and how often the store had failed by then.</summary>
    public SimNode? LeasedBy { get; set; }

    public int Struck { get; set; }

    /// <summary>What it brings; the tasks of which it tells in full.</summary>
    public List<BookedNotice> Notices { get; } = [];

    public bool InFlight => Phase is "leased" or "dispatched" or "admitted";

    public bool IsOpen => InFlight || Phase == "due";
}
