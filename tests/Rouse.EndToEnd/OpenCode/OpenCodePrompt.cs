using System.Text.Json.Nodes;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>What a test asks of a session.</summary>
public sealed record OpenCodePrompt(string Text)
{
    /// <summary>A model of the provider <c>fake</c>; the session's own, or <c>fake-1</c>, when not given.</summary>
    public string? Model { get; init; }

    /// <summary>Must start with <c>msg</c>; OpenCode makes one when not given.</summary>
    public string? MessageId { get; init; }

    /// <summary>Stores the prompt without starting a turn.</summary>
    public bool NoReply { get; init; }

    public static implicit operator OpenCodePrompt(string text) => FromString(text);

    public static OpenCodePrompt FromString(string text) => new(text);

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["parts"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Text }) };
        if (Model is not null)
        {
            json["model"] = new JsonObject { ["providerID"] = "fake", ["modelID"] = Model };
        }

        if (MessageId is not null)
        {
            json["messageID"] = MessageId;
        }

        if (NoReply)
        {
            json["noReply"] = true;
        }

        return json;
    }
}
