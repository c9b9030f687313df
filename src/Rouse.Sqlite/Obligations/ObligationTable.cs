using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>Writes what crews owe.</summary>
internal sealed class ObligationTable(Connection connection)
{
    private readonly Statement _put = connection.Prepared(
        """
        INSERT INTO obligations(crew, kind, subject, attempt, due, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT(subject, crew, kind, attempt) DO UPDATE SET due = ?5, data = ?6
        """);

    private readonly Statement _remove = connection.Prepared(
        "DELETE FROM obligations WHERE subject = ?3 AND crew = ?1 AND kind = ?2 AND attempt = ?4");

    /// <param name="json">The obligation as <see cref="ObligationJson"/> writes it.</param>
    public void Put(long crew, Obligation obligation, byte[] json) =>
        _put.Bind(1, crew).Bind(2, (int)obligation.Kind).Bind(3, obligation.Subject).Bind(4, obligation.Attempt).Bind(5, obligation.Due)
            .BindUtf8(6, json).Run();

    public void Remove(long crew, ObligationKey key) =>
        _remove.Bind(1, crew).Bind(2, (int)key.Kind).Bind(3, key.Subject).Bind(4, key.Attempt).Run();
}
