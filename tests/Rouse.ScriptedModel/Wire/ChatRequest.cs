using System.Text.Json;
using Rouse.ScriptedModel.Calls;

namespace Rouse.ScriptedModel.Wire;

/// <summary>Reads the body of a chat completion request.</summary>
internal static class ChatRequest
{
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static async Task<ModelRequest> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        var root = document.RootElement;
        return new ModelRequest(
            Text(root, "model"),
            Property(root, "stream")?.ValueKind == JsonValueKind.True,
            [.. Items(root, "messages").Select(m => new ModelMessage(Role(m), Content(Property(m, "content"))))],
            [.. Items(root, "tools").Select(t => Property(t, "function") is { } function ? Text(function, "name") : "")]);
    }

    private static string Role(JsonElement message) => Text(message, "role") is "developer" ? "system" : Text(message, "role");

    /// <summary>A message's content is a string, or a list of parts of which those with text count.</summary>
    private static string Content(JsonElement? content) => content?.ValueKind switch
    {
        JsonValueKind.String => content.Value.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.Value.EnumerateArray().Select(p => Text(p, "text")).Where(t => t.Length > 0)),
        _ => "",
    };

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
