using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>A store that fails its caller: at every call, or at the first one that creates a conversation or appends to one.</summary>
internal sealed class FaultyTranscripts(ITranscripts inner, BrokenCall call, Breakage how) : ITranscripts, IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private int _met;

    public ValueTask<bool> CreateAsync(Address session, string? key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Creation, () => inner.CreateAsync(session, key, data, cancellationToken));

    public ValueTask<int?> AppendAsync(Address session, string? key, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Delivery, () => inner.AppendAsync(session, key, message, cancellationToken));

    public ValueTask<bool> UpdateAsync(Address session, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Every, () => inner.UpdateAsync(session, data, cancellationToken));

    public ValueTask<bool> DeleteAsync(Address session, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Every, () => inner.DeleteAsync(session, cancellationToken));

    public ValueTask<Transcript?> FindAsync(Address session, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Every, () => inner.FindAsync(session, cancellationToken));

    public ValueTask<Transcript?> FindByKeyAsync(string instance, string key, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Every, () => inner.FindByKeyAsync(instance, key, cancellationToken));

    public ValueTask<IReadOnlyList<Transcript>> ListAsync(string instance, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Every, () => inner.ListAsync(instance, cancellationToken));

    public ValueTask<IReadOnlyList<TranscriptMessage>> MessagesAsync(Address session, int after, CancellationToken cancellationToken) =>
        DoAsync(BrokenCall.Every, () => inner.MessagesAsync(session, after, cancellationToken));

    public void Dispose() => _over.Cancel();

    private async ValueTask<T> DoAsync<T>(BrokenCall kind, Func<ValueTask<T>> act)
    {
        if (call != BrokenCall.Every && (kind != call || Interlocked.Exchange(ref _met, 1) != 0))
        {
            return await act();
        }

        if (how == Breakage.Refused)
        {
            throw new JournalUnavailableException("The store cannot be used.");
        }

        var done = await act();
        if (how == Breakage.Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _over.Token);
        }

        return how == Breakage.ReplyLost ? throw new JournalUnavailableException("The store was lost before it had answered.") : done;
    }
}
