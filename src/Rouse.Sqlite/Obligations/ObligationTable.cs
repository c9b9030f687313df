using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>Writes what crews owe.</summary>
internal sealed class ObligationTable(Connection connection)
{
    private readonly Statement _put = connection.Prepared(
        """
        INSERT INTO obligations(crew, kind, subject, attempt, due, instance, lanes, priority, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT(subject, crew, kind, attempt) DO UPDATE SET due = ?5, instance = ?6, lanes = ?7, priority = ?8, since = ?9
        """);

    private readonly Statement _remove = connection.Prepared(
        "DELETE FROM obligations WHERE subject = ?3 AND crew = ?1 AND kind = ?2 AND attempt = ?4");

    public void Put(long crew, Obligation owed) =>
        _put.Bind(1, crew).Bind(2, (int)owed.Kind).Bind(3, owed.Subject).Bind(4, owed.Attempt).Bind(5, owed.Due).Bind(6, owed.Instance)
            .Bind(7, LaneList.Join(owed.Lanes)).Bind(8, owed.Priority).Bind(9, owed.Since).Run();

    public void Remove(long crew, ObligationKey key) =>
        _remove.Bind(1, crew).Bind(2, (int)key.Kind).Bind(3, key.Subject).Bind(4, key.Attempt).Run();
}
