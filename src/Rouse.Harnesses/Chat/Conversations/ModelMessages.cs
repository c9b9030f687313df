using Microsoft.Extensions.AI;

namespace Rouse.Harnesses.Chat.Conversations;

/// <summary>A conversation as a model is given it.</summary>
internal static class ModelMessages
{
    /// <summary>What a model is told of a call whose end nobody saw.</summary>
    public const string Interrupted = "[interrupted: it may or may not have taken effect]";

    /// <param name="instructions">Texts that come before the conversation; empty ones are left out.</param>
    public static List<ChatMessage> Of(Conversation conversation, params IEnumerable<string?> instructions)
    {
        var messages = new List<ChatMessage>();
        messages.AddRange(instructions.Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => new ChatMessage(ChatRole.System, t)));
        foreach (var line in conversation.Lines)
        {
            switch (line.Entry)
            {
                case ChatEntry.Said said:
                    messages.Add(new ChatMessage(ChatRole.User, said.Text));
                    break;
                case ChatEntry.Answered answered:
                    messages.AddRange(answered.Messages.Where(m => m.Contents.Count > 0).Select(m => m.Clone()));
                    AddResults(messages, conversation, line.Number, answered);
                    break;
            }
        }

        return messages;
    }

    // Providers refuse a history in which a call has no result, so every call gets one.
    private static void AddResults(List<ChatMessage> messages, Conversation conversation, int number, ChatEntry.Answered answered)
    {
        var results = conversation.Results(number);
        var contents = answered.Calls
            .Select(AIContent (c) => new FunctionResultContent(c.CallId, results.GetValueOrDefault(c.CallId)?.Text ?? Interrupted)).ToList();
        if (contents.Count > 0)
        {
            messages.Add(new ChatMessage(ChatRole.Tool, contents));
        }
    }
}
