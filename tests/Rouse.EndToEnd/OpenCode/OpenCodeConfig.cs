using System.Text.Json.Nodes;

namespace Rouse.EndToEnd.OpenCode;

/// <summary>The configuration of an OpenCode that reaches the scripted model and nothing else.</summary>
internal static class OpenCodeConfig
{
    // The discard port: refused at once, on every machine.
    private static readonly Uri s_nobody = new("http://127.0.0.1:9/v1");

    public static JsonObject For(Uri model) => new()
    {
        ["$schema"] = "https://opencode.ai/config.json",
        ["autoupdate"] = false,
        ["share"] = "disabled",
        ["snapshot"] = false,
        ["model"] = "fake/fake-1",
        ["small_model"] = "fake/fake-small",
        ["enabled_providers"] = new JsonArray("fake", "dead"),
        ["provider"] = new JsonObject
        {
            ["fake"] = Provider(model, "fake-1", "fake-2", "fake-small"),
            ["dead"] = Provider(s_nobody, "dead-1"),
        },
    };

    private static JsonObject Provider(Uri baseUrl, params string[] models) => new()
    {
        ["npm"] = "@ai-sdk/openai-compatible",
        ["options"] = new JsonObject { ["baseURL"] = baseUrl.ToString(), ["apiKey"] = "none" },
        ["models"] = new JsonObject(models.Select(m => KeyValuePair.Create<string, JsonNode?>(m, Model(m)))),
    };

    private static JsonObject Model(string name) => new()
    {
        ["name"] = name,
        ["tool_call"] = true,
        ["limit"] = new JsonObject { ["context"] = 200_000, ["output"] = 8_192 },
    };
}
