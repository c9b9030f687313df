using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Sqlite;

public sealed partial class SqliteJournal
{
    /// <inheritdoc/>
    public ValueTask<bool> CreateAsync(Address session, string? key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        Write(tables => tables.Transcripts.Create(session, key, data.Span), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Transcript?> FindAsync(Address session, CancellationToken cancellationToken) =>
        Read(connection => TranscriptQueries.Find(connection, session), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Transcript?> FindByKeyAsync(string instance, string key, CancellationToken cancellationToken) =>
        Read(connection => TranscriptQueries.Find(connection, instance, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Transcript>> ListAsync(string instance, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Transcript>>(connection => TranscriptQueries.List(connection, instance), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int?> AppendAsync(Address session, string? key, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        Write(tables => tables.Transcripts.Append(session, key, message.Span), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> UpdateAsync(Address session, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        Write(tables => tables.Transcripts.Update(session, data.Span), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TranscriptMessage>> MessagesAsync(Address session, int after, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<TranscriptMessage>>(connection => TranscriptQueries.Messages(connection, session, after), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(Address session, CancellationToken cancellationToken) =>
        Write(tables => tables.Transcripts.Delete(session), cancellationToken);
}
