using System.Globalization;
using SQLitePCL;

namespace Rouse.Sqlite;

/// <summary>One connection to the file, with the statements that were prepared on it. Used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private const int BusyMilliseconds = 5_000;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    private Connection(sqlite3 handle) => _handle = handle;

    /// <summary>Whether a transaction is open; some failures end one by themselves.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public static Connection OpenWriter(string path) => Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    public static Connection OpenReader(string path) => Open(path, raw.SQLITE_OPEN_READONLY);

    /// <summary>Runs statements that bring no rows, such as pragmas and schema changes.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The statement of this text, prepared once for the life of the connection: the text must be one of a few.</summary>
    public Statement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
            _statements.Add(sql, statement = new Statement(this, handle));
        }

        return statement;
    }

    /// <summary>The one number that a query brings.</summary>
    public long Number(string sql)
    {
        using var rows = Prepared(sql).Query();
        return rows.Read() ? rows.Int64(0) : 0;
    }

    /// <summary>The one text that a query brings.</summary>
    public string? Text(string sql)
    {
        using var rows = Prepared(sql).Query();
        return rows.Read() ? rows.Text(0) : null;
    }

    /// <summary>From here on a write that would make the file larger fails as if the disk were full.</summary>
    public void LimitSize(long bytes) =>
        Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, bytes / Number("PRAGMA page_size"))}"));

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _ = raw.sqlite3_close_v2(_handle);
        _handle.Dispose();
    }

    internal void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    internal SqliteFailureException Failure(int code) => new(code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    private static Connection Open(string path, int flags)
    {
        SystemSqlite.Require();
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        if (code != raw.SQLITE_OK)
        {
            handle?.Dispose();
            throw new SqliteFailureException(code, $"could not open '{path}'");
        }

        var connection = new Connection(handle);
        connection.Check(raw.sqlite3_extended_result_codes(handle, 1));
        connection.Check(raw.sqlite3_busy_timeout(handle, BusyMilliseconds));
        return connection;
    }
}
