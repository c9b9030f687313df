using System.Text.Json;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server.Tests;

/// <summary>Views of one small crew.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    public static readonly CrewId Crew = new("k1");
    public static readonly SessionId Root = new(Crew, 1);
    public static readonly SessionId Child = new(Crew, 2);
    public static readonly TaskId Task = new(Crew, 3);
    public static readonly NoticeId Notice = new(Crew, 4);
    public static readonly WakeId Wake = new(Crew, 5);
    public static readonly Address RootAddress = new("chat@main", "ses_root");

    public static SessionView SessionView { get; } =
        new(Root, Crew, RootAddress, Parent: null, Task: null, Depth: 0, "lead", "/work", Time, GoneAt: null);

    public static TaskView TaskView { get; } = new(
        Task, AgentTaskStatus.Failed, Crew, Root, "read the parser", "reviewer", "anthropic/claude-opus-5", "chat@main", Group: null, WakePolicy.All,
        Priority: 0, "/work", new LaneView(["anthropic"], Place: null), Run: 1,
        [new AttemptView(1, "anthropic/claude-opus-5", new Address("chat@main", "ses_child"), AttemptPhase.Ended, new TaskError(FailureClass.Provider, "quota", "No quota is left."))],
        Time, Time.AddMinutes(1), Deadline: null,
        new OutcomeView(AgentTaskStatus.Failed, "quota", new TaskError(FailureClass.Provider, "quota", "No quota is left."), new Usage(10, 20, 0.5m), Partial: true, Truncated: false));

    public static WakeView WakeView { get; } = new(
        Wake, Root, WakePhase.Due, Time, Epoch: 1, Sends: 0, [Notice], new Hold("working", Time), DeadLetter: null, [new ReceiptStep("due", Time)]);

    public static NoticeView NoticeView { get; } =
        new(Notice, NoticeKind.Settled, NoticeState.Waiting, Task, Run: 1, Time, Owed: true, Wakes: true, DeadLetter: null, WakeView);

    public static EventView Event(long position, string type, string data) => new(position, Crew, type, Time, JsonSerializer.Deserialize<JsonElement>(data));
}
