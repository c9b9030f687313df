using System.Text.Json.Nodes;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>A stored message, with the few facts that tests ask for; the rest is in <paramref name="Json"/>.</summary>
public sealed record OpenCodeMessage(JsonNode Json)
{
    public string Id => Info("id")!;

    public string Role => Info("role")!;

    /// <summary>The user message that an assistant message answers.</summary>
    public string? ParentId => Info("parentID");

    /// <summary>Why an assistant message ended; null while it has not, and for ever when its process died.</summary>
    public string? Finish => Info("finish");

    public bool IsCompleted => Json["info"]!["time"]!["completed"] is not null;

    /// <summary>The name of the error that ended it, such as <c>MessageAbortedError</c>.</summary>
    public string? Error => Json["info"]!["error"]?["name"]?.GetValue<string>();

    public string Text => string.Join('\n', Json["parts"]!.AsArray()
        .Where(p => p!["type"]!.GetValue<string>() == "text")
        .Select(p => p!["text"]!.GetValue<string>()));

    public override string ToString() => $"{Role} {Id} {Finish ?? Error ?? (IsCompleted ? "completed" : "open")}: {Text}";

    private string? Info(string name) => Json["info"]![name]?.GetValue<string>();
}
