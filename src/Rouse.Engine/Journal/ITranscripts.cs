using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Durable conversations for harnesses that run inside this process and have no store of their own. They live in the journal's store, so
/// that one file holds all.
/// </summary>
/// <remarks>Thread-safe. Everything is durable before a call returns. Throws <see cref="JournalUnavailableException"/>.</remarks>
public interface ITranscripts
{
    /// <summary>Creates a conversation; false when one of this address or with this key exists (its data is left as it is).</summary>
    ValueTask<bool> CreateAsync(Address session, string? key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    ValueTask<Transcript?> FindAsync(Address session, CancellationToken cancellationToken);

    /// <summary>The conversation created with this key on the instance.</summary>
    ValueTask<Transcript?> FindByKeyAsync(string instance, string key, CancellationToken cancellationToken);

    /// <summary>All conversations of an instance that are not deleted.</summary>
    ValueTask<IReadOnlyList<Transcript>> ListAsync(string instance, CancellationToken cancellationToken);

    /// <summary>
    /// Appends a message; returns its number (from 1), or null when the conversation does not exist. A message with a key that the
    /// conversation holds already is not appended; the number of the one that is there is returned.
    /// </summary>
    ValueTask<int?> AppendAsync(Address session, string? key, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Replaces the data of a conversation (its head: agent, model, permissions, state).</summary>
    ValueTask<bool> UpdateAsync(Address session, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<TranscriptMessage>> MessagesAsync(Address session, int after, CancellationToken cancellationToken);

    /// <summary>Deletes a conversation and its messages; false when there is none.</summary>
    ValueTask<bool> DeleteAsync(Address session, CancellationToken cancellationToken);
}

/// <param name="Data">What the harness keeps about the conversation as a whole.</param>
public sealed record Transcript(Address Session, string? Key, ReadOnlyMemory<byte> Data, int Messages);

/// <param name="Number">From 1, without gap.</param>
public sealed record TranscriptMessage(int Number, string? Key, ReadOnlyMemory<byte> Data);
