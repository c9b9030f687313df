using System.Text;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Journals;

/// <summary>Makes commits and rows with as little said as a test needs.</summary>
internal static class Sample
{
    /// <summary>A round time: not every store keeps more than microseconds.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public static CrewId NewCrew() => new($"c{Guid.NewGuid():n}"[..20]);

    /// <summary>A commit of one event, or of more.</summary>
    public static Commit Commit(CrewId crew, long version, int events = 1) => new()
    {
        Crew = crew,
        ExpectedVersion = version,
        Events = [.. Enumerable.Range(1, events).Select(n => Event($$"""{"of":"{{crew}}","version":{{version + n}}}"""))],
    };

    public static NewEvent Event(string json, string type = "happened") => new(type, Bytes(json), Noon);

    public static SessionRow Session(CrewId crew, int number, Address? address = null, string data = "{}") =>
        new(new SessionId(crew, number), address ?? new Address("chat@main", $"{crew.Stem}-{number}"), Bytes(data));

    public static TaskRow Task(
        CrewId crew, int number, int from = 1, AgentTaskStatus status = AgentTaskStatus.Queued, string? key = null, string data = "{}") =>
        new(new TaskId(crew, number), new SessionId(crew, from), status, Noon.AddSeconds(number), key, Bytes(data));

    public static NoticeRow Notice(CrewId crew, int number, int session = 1, bool owed = true, string data = "{}") =>
        new(new NoticeId(crew, number), new SessionId(crew, session), owed, Bytes(data));

    public static WakeRow Wake(CrewId crew, int number, int session = 1, WakePhase phase = WakePhase.Due, string data = "{}") =>
        new(new WakeId(crew, number), new SessionId(crew, session), phase, Bytes(data));

    public static Obligation Owed(int subject, ObligationKind kind = ObligationKind.Start, int attempt = 1, DateTimeOffset due = default) =>
        new() { Kind = kind, Subject = subject, Attempt = attempt, Due = due };

    public static Slot Slot(string lane, CrewId crew, int task = 1, int attempt = 1) => new(lane, new TaskId(crew, task), attempt);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
