using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Reads mailboxes.</summary>
internal static class NoticeQueries
{
    private const string OfSession =
        """
        SELECT number, owed, data FROM notices
        WHERE crew = (SELECT id FROM crews WHERE stem = ?1) AND session = ?2 ORDER BY number
        """;

    public static List<NoticeRow> List(Connection connection, SessionId session)
    {
        var notices = new List<NoticeRow>();
        using var rows = connection.Prepared(OfSession).Bind(1, session.Crew.Stem).Bind(2, session.Number).Query();
        while (rows.Read())
        {
            notices.Add(new NoticeRow(new NoticeId(session.Crew, rows.Int32(0)), session, rows.Int32(1) != 0, rows.Bytes(2)));
        }

        return notices;
    }
}
