using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Writes wakes.</summary>
internal sealed class WakeTable(Connection connection)
{
    // A wake never changes its session.
    private readonly Statement _put = connection.Prepared(
        """
        INSERT INTO wakes(crew, number, session, phase, data) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT(number, crew) DO UPDATE SET phase = ?4, data = ?5
        """);

    public void Put(long crew, WakeRow wake) =>
        _put.Bind(1, crew).Bind(2, wake.Id.Number).Bind(3, wake.Session.Number).Bind(4, (int)wake.Phase).BindUtf8(5, wake.Data.Span).Run();
}
