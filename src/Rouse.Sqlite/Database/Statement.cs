using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Rouse.Sqlite;

/// <summary>A prepared statement: bind every parameter, then run it or read its rows.</summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    private const int OnStack = 256;

    public Statement Bind(int index, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, DateTimeOffset value) => Bind(index, StoredTime.From(value));


    public Statement Bind(int index, string? value)
    {
        // An empty span is bound as null, hence the other overload for the empty text.
        if (string.IsNullOrEmpty(value))
        {
            connection.Check(value is null ? raw.sqlite3_bind_null(handle, index) : raw.sqlite3_bind_text(handle, index, value));
            return this;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var bytes = rented ?? stackalloc byte[OnStack];
        var count = Encoding.UTF8.GetBytes(value, bytes);
        var code = raw.sqlite3_bind_text(handle, index, bytes[..count]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        connection.Check(code);
        return this;
    }

    /// <summary>Binds UTF-8 as text, so that an sqlite3 shell shows it and its JSON functions work on it.</summary>
    public Statement BindUtf8(int index, ReadOnlySpan<byte> value)
    {
        connection.Check(value.IsEmpty ? raw.sqlite3_bind_text(handle, index, "") : raw.sqlite3_bind_text(handle, index, value));
        return this;
    }

    public Statement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        connection.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    /// <summary>Runs a statement that brings no rows.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(handle);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            // The message must be taken before the reset, which repeats the error.
            var failure = connection.Failure(code);
            _ = raw.sqlite3_reset(handle);
            throw failure;
        }

        connection.Check(raw.sqlite3_reset(handle));
    }

    /// <summary>Reads rows; disposing them ends the read, which would otherwise hold up checkpoints.</summary>
    public Rows Query() => new(connection, handle);

    public void Dispose()
    {
        _ = raw.sqlite3_finalize(handle);
        handle.Dispose();
    }
}
