using Rouse.Core;

namespace Rouse.Sqlite;

/// <summary>Reads texts.</summary>
internal static class BodyQueries
{
    /// <summary>Null when the text is not held, or the reference is none.</summary>
    public static string? Find(Connection connection, string hash)
    {
        Span<byte> bytes = stackalloc byte[BodyRef.HashLength];
        if (!BodyRef.TryParseHash(hash, bytes))
        {
            return null;
        }

        using var rows = connection.Prepared("SELECT text FROM bodies WHERE hash = ?1").BindBlob(1, bytes).Query();
        return rows.Read() ? rows.Text(0) : null;
    }
}
