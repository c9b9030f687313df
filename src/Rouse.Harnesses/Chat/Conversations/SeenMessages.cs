using System.Collections.Immutable;
using System.Globalization;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Conversations;

/// <summary>A conversation in the words of an inspection. The results of tools belong to the answer that called them.</summary>
internal static class SeenMessages
{
    /// <summary>How much is shown when the newest prompt of Rouse's does not lie further back.</summary>
    private const int Tail = 100;

    public static ImmutableArray<SeenMessage> Of(Conversation conversation)
    {
        var newest = conversation.Lines.LastOrDefault(l => l.Entry is ChatEntry.Said { Origin: MessageOrigin.Rouse })?.Number ?? 1;
        var from = Math.Min(newest, conversation.Length - Tail + 1);
        return [.. conversation.Lines.Where(l => l.Number >= from).Select(l => Seen(conversation, l)).OfType<SeenMessage>()];
    }

    /// <summary>What receipts name a line by.</summary>
    public static string IdOf(ChatLine line) => "message-" + line.Number.ToString(CultureInfo.InvariantCulture);

    private static SeenMessage? Seen(Conversation conversation, ChatLine line) => line.Entry switch
    {
        ChatEntry.Said said => new SeenMessage
        {
            Id = IdOf(line),
            Origin = said.Origin,
            Key = said.Origin is MessageOrigin.Rouse ? line.Key : null,
            At = said.At,
            Text = said.Text,
        },
        ChatEntry.Answered answered => new SeenMessage
        {
            Id = IdOf(line),
            Origin = MessageOrigin.Agent,
            At = answered.At,
            CallsTools = !answered.EndsTurn,
            ToolOpen = conversation.OpenCalls().Any(c => c.Answer == line.Number),
            RanTools = answered.Calls.Any(),
            Truncated = answered.Truncated,
            Text = answered.Text,
            Error = answered.Error,
            Usage = answered.Usage,
        },
        _ => null,
    };
}
