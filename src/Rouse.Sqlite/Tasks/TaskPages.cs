using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>
/// The texts of the paged task lists: first the ids of the page, from an index where one holds what is asked for, then the rows of those
/// ids. ?1 is the place to go on from, ?2 the size of the page, ?3 a mask with a bit for each status, ?4 and ?5 the crew and the session.
/// </summary>
internal static class TaskPages
{
    private const string OfCrew = "crew = (SELECT id FROM crews WHERE stem = ?4)";

    /// <summary>One of six texts.</summary>
    public static string For(TaskQuery query) => query switch
    {
        { Session: not null } => Page(Ids($"{OfCrew} AND session = ?5 AND {InMask(query)}")),
        { Crew: not null } => Page(Ids($"{OfCrew} AND {InMask(query)}")),
        { Statuses: not null } => OfStatuses,
        _ => Page(Ids("TRUE")),
    };

    public static long Mask(IReadOnlyList<AgentTaskStatus>? statuses) =>
        statuses?.Aggregate(0L, static (mask, status) => mask | (1L << (int)status)) ?? -1L;

    // A page of each status by itself, for each has its own order in the index; a range over several would be read to its end and sorted.
    private static string OfStatuses { get; } = Page(
        string.Join(" UNION ALL ", Enum.GetValues<AgentTaskStatus>().Select(s => $"SELECT id FROM ({Ids($"status = {s:D} AND (?3 >> {s:D}) & 1")})"))
        + " ORDER BY 1 LIMIT ?2");

    private static string InMask(TaskQuery query) => query.Statuses is null ? "TRUE" : "(?3 >> status) & 1";

    private static string Ids(string condition) => $"SELECT id FROM tasks WHERE {condition} AND id > ?1 ORDER BY id LIMIT ?2";

    private static string Page(string ids) =>
        $"""
        SELECT c.stem, t.number, t.session, t.status, t.created, t.key, t.data
        FROM tasks t JOIN crews c ON c.id = t.crew WHERE t.id IN ({ids}) ORDER BY t.id
        """;
}
