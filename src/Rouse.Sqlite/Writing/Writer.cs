using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>
/// The one thread that writes. It takes all that waits into one transaction, so that callers share the flush to the disk, which
/// costs as much as dozens of commits.
/// </summary>
internal sealed class Writer
{
    private readonly Connection _connection;
    private readonly Tables _tables;
    private readonly string _path;
    private readonly int _largestBatch;

    private readonly object _gate = new();
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    /// <param name="connection">Closed by this writer when it stops.</param>
    public Writer(Connection connection, string path, int largestBatch)
    {
        _connection = connection;
        _tables = new Tables(connection);
        _path = path;
        _largestBatch = largestBatch;
        new Thread(Work) { IsBackground = true, Name = "rouse journal" }.Start();
    }

    /// <summary>Writes durably. What has been handed over is written even when the caller goes away.</summary>
    public ValueTask<T> WriteAsync<T>(Func<Tables, T> write)
    {
        var pending = new PendingWrite<T>(write);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteJournal));
            _waiting.Enqueue(pending);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return new ValueTask<T>(pending.Done);
    }

    /// <summary>Takes nothing more; done when all that waited is written and the connection is closed.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        return _stopped.Task;
    }

    private void Work()
    {
        var batch = new List<PendingWrite>(_largestBatch);
        while (Take(batch))
        {
            Write(batch);
            batch.Clear();
        }

        _connection.Dispose();
        _stopped.SetResult();
    }

    /// <summary>Waits for something to write; false when there will be nothing more.</summary>
    private bool Take(List<PendingWrite> batch)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            while (batch.Count < _largestBatch && _waiting.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            return batch.Count > 0;
        }
    }

    private void Write(List<PendingWrite> batch)
    {
        try
        {
            _tables.Begin.Run();
            foreach (var write in batch)
            {
                write.Apply(_tables);
            }

            _tables.Commit.Run();
        }
        catch (Exception error)
        {
            Undo();
            var unavailable = Explain(error, batch.Count);
            foreach (var write in batch)
            {
                write.Fail(unavailable);
            }

            return;
        }

        foreach (var write in batch)
        {
            write.Complete();
        }
    }

    /// <summary>Leaves the connection and what is remembered of the file as they were before the batch.</summary>
    private void Undo()
    {
        _tables.Forget();
        try
        {
            if (_connection.InTransaction)
            {
                _tables.Rollback.Run();
            }
        }
        catch (SqliteFailureException)
        {
            // The next batch finds out whether the file is usable, and says so to its callers.
        }
    }

    private JournalUnavailableException Explain(Exception error, int writes) => new(
        $"The journal '{_path}' could not store {writes} waiting write(s): {error.Message}. "
        + ((error as SqliteFailureException)?.Advice ?? "This is not expected; please report it with this message."),
        error);
}
