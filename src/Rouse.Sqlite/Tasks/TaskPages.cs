using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>
/// The texts of the paged task lists: first the ids of the page from an index alone, then its rows. ?1 is the place to go on from, ?2 the
/// size of the page, ?3 a mask with a bit for each status.
/// </summary>
internal static class TaskPages
{
    public const string OfAll = $"{Head}SELECT id FROM tasks WHERE id > ?1 ORDER BY id LIMIT ?2{Tail}";

    public const string OfCrew =
        $"{Head}SELECT id FROM tasks WHERE crew = (SELECT id FROM crews WHERE stem = ?4) AND id > ?1 AND {InMask} ORDER BY id LIMIT ?2{Tail}";

    public const string OfSession =
        $"""
        {Head}SELECT id FROM tasks WHERE crew = (SELECT id FROM crews WHERE stem = ?4) AND session = ?5 AND id > ?1 AND {InMask}
        ORDER BY id LIMIT ?2{Tail}
        """;

    private const string Head =
        """
        SELECT c.stem, t.number, t.session, t.status, t.created, t.key, t.data
        FROM tasks t JOIN crews c ON c.id = t.crew WHERE t.id IN (
        """;

    private const string Tail = ") ORDER BY t.id";
    private const string InMask = "(?3 >> status) & 1";

    /// <summary>
    /// A page of each status by itself, for each has its own order in the index; one range over several statuses would be read to its end
    /// and sorted.
    /// </summary>
    public static string OfStatuses { get; } =
        $"{Head}{string.Join(" UNION ALL ", Enum.GetValues<AgentTaskStatus>().Select(OfStatus))} ORDER BY 1 LIMIT ?2{Tail}";

    public static long Mask(IReadOnlyList<AgentTaskStatus>? statuses) =>
        statuses?.Aggregate(0L, static (mask, status) => mask | (1L << (int)status)) ?? -1L;

    private static string OfStatus(AgentTaskStatus status) =>
        $"SELECT id FROM (SELECT id FROM tasks WHERE status = {status:D} AND (?3 >> {status:D}) & 1 AND id > ?1 ORDER BY id LIMIT ?2)";
}
