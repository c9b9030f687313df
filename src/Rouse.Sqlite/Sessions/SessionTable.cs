using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Writes sessions. An address belongs to one session.</summary>
internal sealed class SessionTable(Connection connection)
{
    private readonly Statement _holder = connection.Prepared(
        "SELECT c.stem, s.number FROM sessions s JOIN crews c ON c.id = s.crew WHERE s.instance = ?1 AND s.address = ?2");

    private readonly Statement _put = connection.Prepared(
        """
        INSERT INTO sessions(crew, number, instance, address, data) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT(number, crew) DO UPDATE SET instance = ?3, address = ?4, data = ?5
        """);

    public CommitResult? Refusal(IReadOnlyList<SessionRow> sessions)
    {
        for (var i = 0; i < sessions.Count; i++)
        {
            var session = sessions[i];
            if ((Holder(session.Address) ?? EarlierHolder(sessions, i)) is { } holder && holder != session.Id)
            {
                return new CommitResult.AddressTaken(session.Address, holder);
            }
        }

        return null;
    }

    public void Put(long crew, SessionRow session) =>
        _put.Bind(1, crew).Bind(2, session.Id.Number).Bind(3, session.Address.Instance).Bind(4, session.Address.Id)
            .BindUtf8(5, session.Data.Span).Run();

    private static SessionId? EarlierHolder(IReadOnlyList<SessionRow> sessions, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (sessions[i].Address == sessions[before].Address)
            {
                return sessions[i].Id;
            }
        }

        return null;
    }

    private SessionId? Holder(Address address)
    {
        using var rows = _holder.Bind(1, address.Instance).Bind(2, address.Id).Query();
        return rows.Read() ? new SessionId(new CrewId(rows.Text(0)), rows.Int32(1)) : null;
    }
}
