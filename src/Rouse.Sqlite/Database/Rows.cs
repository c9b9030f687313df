using System.Text;
using SQLitePCL;

namespace Rouse.Sqlite;

/// <summary>The rows of a running query. Columns count from 0.</summary>
internal readonly ref struct Rows(Connection connection, sqlite3_stmt handle)
{
    /// <summary>Goes to the next row; false behind the last.</summary>
    public bool Read() => raw.sqlite3_step(handle) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var code => throw connection.Failure(code),
    };

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public DateTimeOffset Time(int column) => StoredTime.To(Int64(column));

    public string Text(int column) => Encoding.UTF8.GetString(Span(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    /// <summary>Valid until the next row.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => _ = raw.sqlite3_reset(handle);
}
