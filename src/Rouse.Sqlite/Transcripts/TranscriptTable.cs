using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>Writes conversations and their messages.</summary>
internal sealed class TranscriptTable(Connection connection)
{
    private readonly Statement _find = connection.Prepared("SELECT id FROM transcripts WHERE instance = ?1 AND address = ?2");
    private readonly Statement _exists = connection.Prepared("SELECT 1 FROM transcripts WHERE instance = ?1 AND (address = ?2 OR key = ?3)");
    private readonly Statement _create = connection.Prepared("INSERT INTO transcripts(instance, address, key, data) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _update = connection.Prepared("UPDATE transcripts SET data = ?2 WHERE id = ?1");
    private readonly Statement _delete = connection.Prepared("DELETE FROM transcripts WHERE id = ?1");
    private readonly Statement _last = connection.Prepared("SELECT max(number) FROM messages WHERE transcript = ?1");
    private readonly Statement _withKey = connection.Prepared("SELECT number FROM messages WHERE transcript = ?1 AND key = ?2");
    private readonly Statement _append = connection.Prepared("INSERT INTO messages(transcript, number, key, data) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _clear = connection.Prepared("DELETE FROM messages WHERE transcript = ?1");

    public bool Create(Address session, string? key, ReadOnlySpan<byte> data)
    {
        if (Number(_exists.Bind(1, session.Instance).Bind(2, session.Id).Bind(3, key)) is not null)
        {
            return false;
        }

        _create.Bind(1, session.Instance).Bind(2, session.Id).Bind(3, key).BindBlob(4, data).Run();
        return true;
    }

    public bool Update(Address session, ReadOnlySpan<byte> data)
    {
        if (Find(session) is not { } transcript)
        {
            return false;
        }

        _update.Bind(1, transcript).BindBlob(2, data).Run();
        return true;
    }

    public int? Append(Address session, string? key, ReadOnlySpan<byte> message)
    {
        if (Find(session) is not { } transcript)
        {
            return null;
        }

        if (key is not null && Number(_withKey.Bind(1, transcript).Bind(2, key)) is { } present)
        {
            return (int)present;
        }

        var number = (Number(_last.Bind(1, transcript)) ?? 0) + 1;
        _append.Bind(1, transcript).Bind(2, number).Bind(3, key).BindBlob(4, message).Run();
        return (int)number;
    }

    public bool Delete(Address session)
    {
        if (Find(session) is not { } transcript)
        {
            return false;
        }

        _clear.Bind(1, transcript).Run();
        _delete.Bind(1, transcript).Run();
        return true;
    }

    private static long? Number(Statement statement)
    {
        using var rows = statement.Query();
        return rows.Read() && !rows.IsNull(0) ? rows.Int64(0) : null;
    }

    private long? Find(Address session) => Number(_find.Bind(1, session.Instance).Bind(2, session.Id));
}
