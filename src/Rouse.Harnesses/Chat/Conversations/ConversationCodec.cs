using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Rouse.Harnesses.Chat.Conversations;

/// <summary>Heads and entries as bytes.</summary>
internal static class ConversationCodec
{
    private static readonly JsonSerializerOptions Json = Compact();

    public static byte[] Encode(ChatHead head) => JsonSerializer.SerializeToUtf8Bytes(head, Json);

    public static ChatHead DecodeHead(ReadOnlyMemory<byte> bytes) =>
        JsonSerializer.Deserialize<ChatHead>(bytes.Span, Json) ?? throw new JsonException("The head of a conversation is null.");

    public static byte[] Encode(ChatEntry entry)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(entry, Json);
        }
        catch (NotSupportedException) when (entry is ChatEntry.Answered answered)
        {
            // A provider's own content types cannot be written. What the conversation needs of an answer is its text and its calls.
            return JsonSerializer.SerializeToUtf8Bytes<ChatEntry>(answered with { Messages = [.. answered.Messages.Select(Plain)] }, Json);
        }
    }

    public static ChatEntry DecodeEntry(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<ChatEntry>(bytes.Span, Json) ?? new ChatEntry.Foreign();
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return new ChatEntry.Foreign();
        }
    }

    private static ChatMessage Plain(ChatMessage message)
    {
        var contents = new List<AIContent>();
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    contents.Add(new TextContent(text.Text));
                    break;
                case FunctionCallContent call:
                    contents.Add(new FunctionCallContent(call.CallId, call.Name, call.Arguments) { InformationalOnly = call.InformationalOnly });
                    break;
            }
        }

        return new ChatMessage(message.Role, contents);
    }

    // The contents of messages are a hierarchy that the library writes and reads; its options know it.
    private static JsonSerializerOptions Compact()
    {
        var options = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions) { WriteIndented = false };
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        options.MakeReadOnly();
        return options;
    }
}
