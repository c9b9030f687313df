using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Harnesses.Chat.Conversations;

/// <summary>
/// A store that hangs must not hang the harness: what takes longer than the deadline counts as failed. A write may then have happened or not;
/// keys are looked up before anything is written again.
/// </summary>
internal sealed class TimelyTranscripts(ITranscripts inner, TimeSpan deadline, TimeProvider time) : ITranscripts
{
    public ValueTask<bool> CreateAsync(Address session, string? key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        InTime(inner.CreateAsync(session, key, data, cancellationToken));

    public ValueTask<Transcript?> FindAsync(Address session, CancellationToken cancellationToken) => InTime(inner.FindAsync(session, cancellationToken));

    public ValueTask<Transcript?> FindByKeyAsync(string instance, string key, CancellationToken cancellationToken) =>
        InTime(inner.FindByKeyAsync(instance, key, cancellationToken));

    public ValueTask<IReadOnlyList<Transcript>> ListAsync(string instance, CancellationToken cancellationToken) =>
        InTime(inner.ListAsync(instance, cancellationToken));

    public ValueTask<int?> AppendAsync(Address session, string? key, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        InTime(inner.AppendAsync(session, key, message, cancellationToken));

    public ValueTask<bool> UpdateAsync(Address session, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        InTime(inner.UpdateAsync(session, data, cancellationToken));

    public ValueTask<IReadOnlyList<TranscriptMessage>> MessagesAsync(Address session, int after, CancellationToken cancellationToken) =>
        InTime(inner.MessagesAsync(session, after, cancellationToken));

    public ValueTask<bool> DeleteAsync(Address session, CancellationToken cancellationToken) => InTime(inner.DeleteAsync(session, cancellationToken));

    private ValueTask<T> InTime<T>(ValueTask<T> call) => call.IsCompleted ? call : WaitAsync(call.AsTask());

    private async ValueTask<T> WaitAsync<T>(Task<T> call)
    {
        try
        {
            return await call.WaitAsync(deadline, time);
        }
        catch (TimeoutException late)
        {
            if (call.IsCompleted)
            {
                return await call;
            }

            throw new JournalUnavailableException(
                string.Create(CultureInfo.InvariantCulture, $"The store of the conversations has not answered within {deadline.TotalSeconds:0.#} s."), late);
        }
    }
}
