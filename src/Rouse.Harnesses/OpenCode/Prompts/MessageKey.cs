namespace Rouse.Harnesses.OpenCode.Prompts;

/// <summary>
/// OpenCode takes ids of the sender's choosing, for a message and for its part; both are made from the key and never change. A fixed message id
/// alone would not do: OpenCode appends a second part to the message when it is sent again.
/// </summary>
internal static class MessageKey
{
    private const string MessagePrefix = "msg_rouse_";

    private const string PartPrefix = "prt_rouse_";

    public static string MessageId(string key) => MessagePrefix + key;

    public static string PartId(string key) => PartPrefix + key;

    /// <summary>The key of a message of Rouse's; null for everyone else's.</summary>
    public static string? Of(string messageId) =>
        messageId.Length > MessagePrefix.Length && messageId.StartsWith(MessagePrefix, StringComparison.Ordinal)
            ? messageId[MessagePrefix.Length..]
            : null;

    public static bool IsPartOfRouse(string? partId) => partId is not null && partId.StartsWith(PartPrefix, StringComparison.Ordinal);
}
