using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Writes notices.</summary>
internal sealed class NoticeTable(Connection connection)
{
    // A notice stays in the mailbox that it was put into.
    private readonly Statement _put = connection.Prepared(
        """
        INSERT INTO notices(crew, number, session, owed, data) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT(crew, session, number) DO UPDATE SET owed = ?4, data = ?5
        """);

    public void Put(long crew, NoticeRow notice) =>
        _put.Bind(1, crew).Bind(2, notice.Id.Number).Bind(3, notice.Session.Number).Bind(4, notice.Owed ? 1 : 0)
            .BindUtf8(5, notice.Data.Span).Run();
}
