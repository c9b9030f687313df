using System.Text.Json;

namespace Rouse.Core.Tests;

/// <summary>One event of every kind with every field set, and those whose fields may be missing once more without them.</summary>
internal static class SampleEvents
{
    private static readonly CrewId Crew = new("k3f9");
    private static readonly SessionId Root = new(Crew, 1);
    private static readonly SessionId Child = new(Crew, 4);
    private static readonly TaskId Task = new(Crew, 3);
    private static readonly NoticeId Notice = new(Crew, 5);
    private static readonly WakeId Wake = new(Crew, 6);
    private static readonly BodyRef Text = new("0a1b", 12);
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TaskError Error = new(FailureClass.Passing, "overloaded", "The provider is overloaded.");

    public static TaskSpec Spec { get; } = new()
    {
        From = Root,
        Agent = "writer",
        Instance = "opencode@main",
        Prompt = Text,
        Goal = "tidy the docs",
        Description = "docs",
        Model = "a/one",
        Variant = "high",
        Fallbacks = ["b/one"],
        Group = "docs",
        Wake = WakePolicy.Each,
        Priority = 2,
        System = Text,
        Tools = System.Collections.Immutable.ImmutableSortedDictionary<string, bool>.Empty.Add("bash", false),
        Permissions = [new PermissionRule("webfetch", "*", "deny")],
        Directory = "/work",
        Deadline = Time,
        Key = "k",
        Fingerprint = "f",
    };

    public static IReadOnlyList<Event> All { get; } =
    [
        new SessionRegistered(Root, new Address("opencode@main", "ses_1"), Parent: null, Agent: null, Directory: null),
        new SessionRegistered(Child, new Address("opencode@main", "ses_2"), Root, "lead", "/work"),
        new SessionGone(Child),
        new TaskDelegated(Task, Spec, 1, ["a", "a/one"]),
        new TaskDelegated(Task, new TaskSpec { From = Root, Agent = "writer", Instance = "opencode@main", Prompt = Text, Goal = "tidy the docs" }, 2, ["default"]),
        new TaskSettling(Task),
        new TaskResumed(Task),
        new TaskSettled(Task, 1, new Outcome { Status = AgentTaskStatus.Completed, Output = Text, Truncated = true, Usage = new Usage(10, 20, 0.25m) }, AbortOwed: false),
        new TaskSettled(Task, 1, new Outcome { Status = AgentTaskStatus.Failed, Reason = "overloaded", Error = Error, Output = Text, Partial = true }, AbortOwed: true),
        new TaskSettled(Task, 1, new Outcome { Status = AgentTaskStatus.Cancelled }, AbortOwed: false),
        new TaskSettled(Task, 1, new Outcome { Status = AgentTaskStatus.Lost }, AbortOwed: false),
        new LateResultKept(Task, Text),
        new AttemptStarted(Task, 1),
        new ChildCreated(Task, 1, Child, new Address("opencode@main", "ses_2"), "/work"),
        new PromptDispatched(Task, 1),
        new PromptWithdrawn(Task, 1),
        new PromptAdmitted(Task, 1, "message msg_1"),
        new IdleSeen(Task, 1, Idle: true),
        new AttemptReplaced(Task, 1, Error, AbortOwed: true, "b/one", ["b"]),
        new AttemptEnded(Task, 1, "seen idle"),
        new NoticePosted(Notice, Root, NoticeKind.Settled, Task, 1, Wakes: true),
        new NoticePosted(Notice, Root, NoticeKind.LateResult, Task, 1, Wakes: false),
        new NoticeAcknowledged(Notice),
        new NoticeDeadLettered(Notice, "TaskSettled"),
        new WakeDue(Wake, Root, Time, "k3f9_w6"),
        new WakeRescheduled(Wake, Time),
        new WakeRescheduled(Wake, DueAt: null),
        new WakeDropped(Wake),
        new WakeHeld(Wake, "open-question"),
        new WakeLeased(Wake, 2, [Notice], [Task], [new TaskId(Crew, 7)]),
        new WakeReleased(Wake, 2, "working"),
        new WakeDispatched(Wake, 2, "live", Certain: true),
        new WakeAdmitted(Wake, "message msg_2"),
        new WakeAdmitted(Wake, Evidence: null),
        new WakeNudged(Wake, "the turn ended without output"),
        new WakeNudgeWithdrawn(Wake),
        new WakeConsumed(Wake),
        new WakeDeadLettered(Wake, "NotConsumed", [Notice]),
        new UnknownEvent("task.painted", JsonDocument.Parse("""{"colour":{"name":"blue"},"layers":[1,2]}""").RootElement),
    ];
}
