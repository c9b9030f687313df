using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads sessions.</summary>
internal static class SessionQueries
{
    private const string Sessions =
        "SELECT c.stem, s.number, s.instance, s.address, s.data FROM sessions s JOIN crews c ON c.id = s.crew";

    private const string ById = $"{Sessions} WHERE c.stem = ?1 AND s.number = ?2";
    private const string ByAddress = $"{Sessions} WHERE s.instance = ?1 AND s.address = ?2";
    private const string Page = $"{Sessions} WHERE s.id > ?1 ORDER BY s.id LIMIT ?2";
    private const string PlaceOf = "SELECT s.id FROM sessions s JOIN crews c ON c.id = s.crew WHERE c.stem = ?1 AND s.number = ?2";

    public static SessionRow? Find(Connection connection, SessionId session) =>
        First(connection.Prepared(ById).Bind(1, session.Crew.Stem).Bind(2, session.Number));

    public static SessionRow? Find(Connection connection, Address address) =>
        First(connection.Prepared(ByAddress).Bind(1, address.Instance).Bind(2, address.Id));

    /// <param name="after">The last session of the page before; the list ends when nobody knows it.</param>
    public static List<SessionRow> List(Connection connection, SessionId? after, int most)
    {
        var sessions = new List<SessionRow>();
        if (Place.Of(connection, PlaceOf, after?.Crew, after?.Number) is not { } place)
        {
            return sessions;
        }

        using var rows = connection.Prepared(Page).Bind(1, place).Bind(2, most).Query();
        while (rows.Read())
        {
            sessions.Add(Row(rows));
        }

        return sessions;
    }

    private static SessionRow? First(Statement statement)
    {
        using var rows = statement.Query();
        return rows.Read() ? Row(rows) : null;
    }

    private static SessionRow Row(Rows rows) =>
        new(new SessionId(new CrewId(rows.Text(0)), rows.Int32(1)), new Address(rows.Text(2), rows.Text(3)), rows.Bytes(4));
}
