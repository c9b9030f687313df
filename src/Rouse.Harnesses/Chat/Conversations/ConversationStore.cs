using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Harnesses.Chat.Conversations;

/// <summary>The conversations of one instance in the transcripts. Every addition is announced.</summary>
internal sealed class ConversationStore(string instance, ITranscripts transcripts, Signals signals)
{
    public Address At(string sessionId) => new(instance, sessionId);

    public ValueTask<bool> CreateAsync(Address session, string? key, ChatHead head, CancellationToken cancellationToken) =>
        transcripts.CreateAsync(session, key, ConversationCodec.Encode(head), cancellationToken);

    public async ValueTask<(Address Session, ChatHead Head)?> FindByKeyAsync(string key, CancellationToken cancellationToken) =>
        await transcripts.FindByKeyAsync(instance, key, cancellationToken) is { } found
            ? (found.Session, ConversationCodec.DecodeHead(found.Data))
            : null;

    public async ValueTask<ChatHead?> FindHeadAsync(string sessionId, CancellationToken cancellationToken) =>
        await transcripts.FindAsync(At(sessionId), cancellationToken) is { } found ? ConversationCodec.DecodeHead(found.Data) : null;

    public async ValueTask<Conversation?> LoadAsync(string sessionId, CancellationToken cancellationToken)
    {
        var session = At(sessionId);
        return await transcripts.FindAsync(session, cancellationToken) is { } found
            ? new Conversation(session, ConversationCodec.DecodeHead(found.Data), await LinesAsync(sessionId, 0, cancellationToken))
            : null;
    }

    public async ValueTask<IReadOnlyList<ChatLine>> LinesAsync(string sessionId, int after, CancellationToken cancellationToken)
    {
        var session = At(sessionId);
        var messages = await transcripts.MessagesAsync(session, after, cancellationToken);
        return [.. messages.Select(m => new ChatLine(session, m.Number, m.Key, ConversationCodec.DecodeEntry(m.Data)))];
    }

    /// <summary>The sessions whose newest line leaves a turn open.</summary>
    public async ValueTask<IReadOnlyList<string>> OpenAsync(CancellationToken cancellationToken)
    {
        var open = new List<string>();
        foreach (var transcript in await transcripts.ListAsync(instance, cancellationToken))
        {
            if (transcript.Messages > 0
                && await LinesAsync(transcript.Session.Id, transcript.Messages - 1, cancellationToken) is { Count: > 0 } last
                && last[^1].Entry is not ChatEntry.Answered { EndsTurn: true })
            {
                open.Add(transcript.Session.Id);
            }
        }

        return open;
    }

    /// <summary>Appends an entry unless its key is there already. Null when the session was deleted.</summary>
    public async ValueTask<Conversation?> AppendAsync(Conversation conversation, string? key, ChatEntry entry, CancellationToken cancellationToken)
    {
        var number = await transcripts.AppendAsync(conversation.Session, key, ConversationCodec.Encode(entry), cancellationToken);
        if (number is null)
        {
            return null;
        }

        signals.Emit(new HarnessSignal.Changed(conversation.Session.Id));

        // Any other number: the entry was there already, or others were. What is stored is the truth.
        return number == conversation.Length + 1
            ? conversation.With(new ChatLine(conversation.Session, number.Value, key, entry))
            : await LoadAsync(conversation.Session.Id, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => transcripts.DeleteAsync(At(sessionId), cancellationToken);
}
