using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads crews and the log.</summary>
internal static class CrewQueries
{
    private const string OneEvent = "e.position, c.stem, e.version, e.type, e.data, e.at";

    private const string SnapshotOf =
        "SELECT c.last, s.version, s.data FROM crews c LEFT JOIN snapshots s ON s.crew = c.id WHERE c.stem = ?1";

    // Goes back from event to event until the snapshot.
    private const string EventsBetween =
        $"""
        WITH RECURSIVE chain(position) AS (
          VALUES (?1)
          UNION ALL
          SELECT e.previous FROM chain JOIN events e ON e.position = chain.position WHERE e.version > ?2 + 1
        )
        SELECT {OneEvent} FROM chain JOIN events e ON e.position = chain.position JOIN crews c ON c.id = e.crew
        WHERE e.version > ?2 ORDER BY e.version
        """;

    private const string EventsAfter =
        $"SELECT {OneEvent} FROM events e JOIN crews c ON c.id = e.crew WHERE e.position > ?1 ORDER BY e.position LIMIT ?2";

    // Two look-ups at the ends of the table; min and max in one query would read all of it.
    private const string Ends = "SELECT coalesce((SELECT min(position) FROM events), 0), coalesce((SELECT max(position) FROM events), 0)";

    public static StoredCrew? Load(Connection connection, CrewId crew)
    {
        if (Snapshot(connection, crew) is not var (last, version, snapshot))
        {
            return null;
        }

        var events = ReadEvents(connection.Prepared(EventsBetween).Bind(1, last).Bind(2, version));
        return new StoredCrew(crew, version, snapshot, events);
    }

    public static List<StoredEvent> Events(Connection connection, long after, int most) =>
        ReadEvents(connection.Prepared(EventsAfter).Bind(1, after).Bind(2, most));

    public static (long First, long Last) Positions(Connection connection)
    {
        using var rows = connection.Prepared(Ends).Query();
        rows.Read();
        return (rows.Int64(0), rows.Int64(1));
    }

    private static (long Last, long Version, ReadOnlyMemory<byte>? Snapshot)? Snapshot(Connection connection, CrewId crew)
    {
        using var rows = connection.Prepared(SnapshotOf).Bind(1, crew.Stem).Query();
        if (!rows.Read())
        {
            return null;
        }

        // Not "? null :", which would make an empty array of the null, and that an empty snapshot.
        var snapshot = rows.IsNull(1) ? default(ReadOnlyMemory<byte>?) : rows.Bytes(2);
        return (rows.Int64(0), rows.Int64(1), snapshot);
    }

    private static List<StoredEvent> ReadEvents(Statement statement)
    {
        var events = new List<StoredEvent>();
        using var rows = statement.Query();
        while (rows.Read())
        {
            events.Add(new StoredEvent(rows.Int64(0), new CrewId(rows.Text(1)), rows.Int64(2), rows.Text(3), rows.Bytes(4), rows.Time(5)));
        }

        return events;
    }
}
