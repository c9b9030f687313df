using Rouse.Engine;

namespace Rouse.Sqlite;

/// <summary>Something that waits to be written in the next transaction.</summary>
internal abstract class PendingWrite
{
    /// <summary>Checks and then writes, on the writer's thread, inside a transaction that others share: a refusal writes nothing.</summary>
    public abstract void Apply(Tables tables);

    /// <summary>The transaction is durable: tells the caller what <see cref="Apply"/> found.</summary>
    public abstract void Complete();

    public abstract void Fail(JournalUnavailableException error);
}

/// <inheritdoc/>
internal sealed class PendingWrite<T>(Func<Tables, T> write) : PendingWrite
{
    // The caller goes on elsewhere: the writer's thread is for writing.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Done => _done.Task;

    public override void Apply(Tables tables) => _result = write(tables);

    public override void Complete() => _done.SetResult(_result);

    public override void Fail(JournalUnavailableException error) => _done.SetException(error);
}
