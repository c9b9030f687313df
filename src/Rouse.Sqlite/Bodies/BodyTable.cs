using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>Keeps texts once, by the hash of their content.</summary>
internal sealed class BodyTable(Connection connection)
{
    private readonly Statement _add = connection.Prepared("INSERT OR IGNORE INTO bodies(hash, text) VALUES (?1, ?2)");

    public void Add(Body body)
    {
        Span<byte> hash = stackalloc byte[BodyRef.HashLength];
        BodyRef.TryParseHash(body.Ref.Hash, hash);
        _add.BindBlob(1, hash).Bind(2, body.Text).Run();
    }
}
