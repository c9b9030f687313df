using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads what crews owe.</summary>
internal static class ObligationQueries
{
    private const string Obligations =
        """
        SELECT o.due, o.id, c.stem, o.kind, o.subject, o.attempt, o.instance, o.lanes, o.priority, o.since
        FROM obligations o JOIN crews c ON c.id = o.crew
        """;

    // Most of what is owed is due at the same time, at once. "(due, id) > (?1, ?2)" would walk over all of those for each page.
    private const string Page =
        $"""
        SELECT * FROM ({Obligations} WHERE o.due = ?1 AND o.id > ?2 ORDER BY o.id LIMIT ?3)
        UNION ALL
        SELECT * FROM ({Obligations} WHERE o.due > ?1 ORDER BY o.due, o.id LIMIT ?3)
        ORDER BY 1, 2 LIMIT ?3
        """;

    public static List<StoredObligation> List(Connection connection, ObligationCursor after, int most)
    {
        var owed = new List<StoredObligation>();
        using var rows = connection.Prepared(Page).Bind(1, after.Due).Bind(2, after.Id).Bind(3, most).Query();
        while (rows.Read())
        {
            var cursor = new ObligationCursor(rows.Int64(0), rows.Int64(1));
            owed.Add(new StoredObligation(cursor.ToString(), new CrewId(rows.Text(2)), Row(rows)));
        }

        return owed;
    }

    private static Obligation Row(Rows rows) => new()
    {
        Due = rows.Time(0),
        Kind = (ObligationKind)rows.Int32(3),
        Subject = rows.Int32(4),
        Attempt = rows.Int32(5),
        Instance = rows.TextOrNull(6),
        Lanes = LaneList.Split(rows.Text(7)),
        Priority = rows.Int32(8),
        Since = rows.Time(9),
    };
}
