using System.Text.Json.Nodes;

namespace Rouse.Server.Tests;

/// <summary>Compares JSON by what it says: every field and value, in the same order, whatever the white space.</summary>
internal static class JsonShape
{
    public static void Equal(string expected, string actual) => Assert.Equal(Normal(expected), Normal(actual));

    private static string Normal(string json) => JsonNode.Parse(json)!.ToJsonString();
}
