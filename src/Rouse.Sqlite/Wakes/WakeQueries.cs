using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads wakes.</summary>
internal static class WakeQueries
{
    private const string Wakes = "SELECT c.stem, w.number, w.session, w.phase, w.data FROM wakes w JOIN crews c ON c.id = w.crew";
    private const string ById = $"{Wakes} WHERE c.stem = ?1 AND w.number = ?2";
    private const string PlaceOf = "SELECT w.id FROM wakes w JOIN crews c ON c.id = w.crew WHERE c.stem = ?1 AND w.number = ?2";

    public static WakeRow? Find(Connection connection, WakeId wake)
    {
        using var rows = connection.Prepared(ById).Bind(1, wake.Crew.Stem).Bind(2, wake.Number).Query();
        return rows.Read() ? Row(rows) : null;
    }

    /// <param name="after">The last wake of the page before; the list ends when nobody knows it.</param>
    public static List<WakeRow> List(Connection connection, SessionId? session, bool? deadLettered, WakeId? after, int most)
    {
        var wakes = new List<WakeRow>();
        if (Place.Of(connection, PlaceOf, after?.Crew, after?.Number) is not { } place)
        {
            return wakes;
        }

        var page = connection.Prepared(Page(session is not null, deadLettered)).Bind(1, place).Bind(2, most);
        if (session is { } one)
        {
            page.Bind(3, one.Crew.Stem).Bind(4, one.Number);
        }

        using var rows = page.Query();
        while (rows.Read())
        {
            wakes.Add(Row(rows));
        }

        return wakes;
    }

    // The phase stands in the text, for only then does SQLite take the index that holds dead letters alone.
    private static string Page(bool ofSession, bool? deadLettered)
    {
        var session = ofSession ? " AND w.crew = (SELECT id FROM crews WHERE stem = ?3) AND w.session = ?4" : "";
        var phase = deadLettered switch
        {
            true => $" AND w.phase = {WakePhase.DeadLettered:D}",
            false => $" AND w.phase <> {WakePhase.DeadLettered:D}",
            null => "",
        };
        return $"{Wakes} WHERE w.id > ?1{session}{phase} ORDER BY w.id LIMIT ?2";
    }

    private static WakeRow Row(Rows rows)
    {
        var crew = new CrewId(rows.Text(0));
        return new WakeRow(new WakeId(crew, rows.Int32(1)), new SessionId(crew, rows.Int32(2)), (WakePhase)rows.Int32(3), rows.Bytes(4));
    }
}
