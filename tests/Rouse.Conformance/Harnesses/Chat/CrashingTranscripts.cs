using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>The process dies at one write, before or after it was made: from then on no call ever returns, and what was stored stays.</summary>
internal sealed class CrashingTranscripts(ITranscripts inner, int atWrite, bool before) : ITranscripts
{
    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    /// <summary>Ends when the process has died.</summary>
    public Task Crashed => _crashed.Task;

    public ValueTask<bool> CreateAsync(Address session, string? key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.CreateAsync(session, key, data, cancellationToken));

    public ValueTask<int?> AppendAsync(Address session, string? key, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.AppendAsync(session, key, message, cancellationToken));

    public ValueTask<bool> UpdateAsync(Address session, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.UpdateAsync(session, data, cancellationToken));

    public ValueTask<bool> DeleteAsync(Address session, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.DeleteAsync(session, cancellationToken));

    public ValueTask<Transcript?> FindAsync(Address session, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.FindAsync(session, cancellationToken));

    public ValueTask<Transcript?> FindByKeyAsync(string instance, string key, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.FindByKeyAsync(instance, key, cancellationToken));

    public ValueTask<IReadOnlyList<Transcript>> ListAsync(string instance, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ListAsync(instance, cancellationToken));

    public ValueTask<IReadOnlyList<TranscriptMessage>> MessagesAsync(Address session, int after, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.MessagesAsync(session, after, cancellationToken));

    private async ValueTask<T> WriteAsync<T>(Func<ValueTask<T>> write)
    {
        var number = Interlocked.Increment(ref _writes);
        if (number < atWrite || (number == atWrite && !before))
        {
            var done = await write();
            if (number < atWrite)
            {
                return done;
            }
        }

        _crashed.TrySetResult();
        return await Never<T>();
    }

    private async ValueTask<T> ReadAsync<T>(Func<ValueTask<T>> read) => Crashed.IsCompleted ? await Never<T>() : await read();

    private static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;
}
