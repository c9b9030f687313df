namespace Rouse.Sqlite;

/// <summary>Read-only connections for whoever reads. Readers see the last commit and neither wait for the writer nor hold it up.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int MostIdle = 8;

    private readonly Lock _gate = new();
    private readonly Stack<Connection> _idle = new();
    private bool _closed;

    /// <exception cref="SqliteFailureException">The file cannot be read.</exception>
    public T Read<T>(Func<Connection, T> read)
    {
        var connection = Rent();
        var sound = false;
        try
        {
            var result = read(connection);
            sound = true;
            return result;
        }
        finally
        {
            GiveBack(connection, sound);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_idle.TryPop(out var connection))
            {
                connection.Dispose();
            }
        }
    }

    // Opens another rather than wait: as many are open at once as threads read at once, and those are few.
    private Connection Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteJournal));
            if (_idle.TryPop(out var connection))
            {
                return connection;
            }
        }

        return Connection.OpenReader(path);
    }

    /// <param name="connection">Kept for the next reader.</param>
    /// <param name="sound">A connection that failed is not used again.</param>
    private void GiveBack(Connection connection, bool sound)
    {
        lock (_gate)
        {
            if (sound && !_closed && _idle.Count < MostIdle)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }
}
