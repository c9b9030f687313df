using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>The journal in one SQLite file: the embedded default. One process at a time owns its directory.</summary>
/// <remarks>
/// Commits are written by one thread, all that wait in one transaction. Reads run on the caller's thread and end before the call returns.
/// Cancelling a commit that has been handed over neither stops it nor the wait for it: what happened would not be known.
/// </remarks>
public sealed partial class SqliteJournal : IJournal, ITranscripts
{
    // The writer's own cache: indexes have a leaf for each crew, and 2 MB, SQLite's default, hold few of them.
    private const string Settings =
        """
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -65536;
        PRAGMA secure_delete = FAST;
        """;

    private readonly JournalFiles _files;
    private readonly OwnerLock _owner;
    private readonly Writer _writer;
    private readonly ReaderPool _readers;
    private int _closed;

    private SqliteJournal(JournalFiles files, OwnerLock owner, Writer writer)
    {
        _files = files;
        _owner = owner;
        _writer = writer;
        _readers = new ReaderPool(files.Database);
    }

    /// <summary>Opens the journal, and creates it when there is none.</summary>
    /// <exception cref="JournalOpenException">Another process owns it, it is newer than this program, or it cannot be used; the message says which.</exception>
    /// <exception cref="ArgumentException">An option has a bad value; the message names it.</exception>
    public static Task<SqliteJournal> OpenAsync(SqliteJournalOptions options)
    {
        options.Validate();
        return Task.FromResult(Open(options));
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        var write = new CommitWrite(commit);
        return Write(write.Apply, cancellationToken);
    }

    /// <summary>Writes what waits, closes the file and lets the next process in. Later calls throw <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            await _writer.StopAsync();
            return;
        }

        // Readers first: SQLite empties its log into the file when the last connection closes, and that one should be the writer's.
        _readers.Dispose();
        await _writer.StopAsync();
        _owner.Dispose();
    }

    private static SqliteJournal Open(SqliteJournalOptions options)
    {
        var files = new JournalFiles(options.Directory);
        files.CreateDirectory();
        var owner = OwnerLock.Take(files.Lock);
        try
        {
            files.CreateDatabase();
            return new SqliteJournal(files, owner, OpenWriter(files.Database, options));
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    private static Writer OpenWriter(string path, SqliteJournalOptions options)
    {
        Connection? connection = null;
        try
        {
            connection = Connection.OpenWriter(path);
            Migrations.RefuseUnknown(connection, Migrations.Steps.Count);
            if (connection.Text("PRAGMA journal_mode = WAL") is not "wal")
            {
                throw new SchemaException("its file system does not allow SQLite's write-ahead log. Choose a data directory on a local disk.");
            }

            connection.Execute(Settings);
            Migrations.Apply(connection, Migrations.Steps);
            if (options.SizeLimit is { } bytes)
            {
                connection.LimitSize(bytes);
            }

            return new Writer(connection, path, options.LargestBatch);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            throw error switch
            {
                SqliteFailureException failure => new JournalOpenException($"The journal '{path}' cannot be opened: {failure.Message}. {failure.Advice}", failure),
                SchemaException => new JournalOpenException($"The journal '{path}' cannot be used: {error.Message}", error),
                DllNotFoundException => new JournalOpenException($"The journal '{path}' cannot be opened: {error.Message}", error),
                _ => error,
            };
        }
    }

    private ValueTask<T> Write<T>(Func<Tables, T> write, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellationToken) : _writer.WriteAsync(write);

    private ValueTask<T> Read<T>(Func<Connection, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return ValueTask.FromResult(_readers.Read(read));
        }
        catch (SqliteFailureException failure)
        {
            return ValueTask.FromException<T>(
                new JournalUnavailableException($"The journal '{_files.Database}' could not be read: {failure.Message}. {failure.Advice}", failure));
        }
    }
}
