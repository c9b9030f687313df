using System.Text.Json.Nodes;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>One event of OpenCode's global stream.</summary>
public sealed record OpenCodeEvent(string Type, JsonNode? Properties)
{
    public string? Session => Properties?["sessionID"]?.GetValue<string>();

    public bool Is(string type, string session) => Type == type && Session == session;

    public override string ToString() => $"{Type} {Session}";
}
