using System.Text.Json;

namespace Rouse.Server.Tests;

public sealed class OpenApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Every_call_is_described_with_its_answers_and_problems()
    {
        var document = (await host.GetAsync("/openapi/v1.json")).Json;

        var calls = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => (Name: $"{o.Name.ToUpperInvariant()} {p.Name}", Call: o.Value))).ToList();
        Assert.Equal(
            [
                "GET /alive", "GET /health", "GET /v1/dead-letters", "GET /v1/events", "GET /v1/sessions", "GET /v1/sessions/{id}",
                "GET /v1/sessions/{id}/explain", "GET /v1/sessions/{id}/mailbox", "GET /v1/tasks", "GET /v1/tasks/{id}", "GET /v1/tasks/{id}/explain",
                "GET /v1/tasks/{id}/output", "GET /v1/wakes/{id}", "POST /v1/delegations", "POST /v1/sessions", "POST /v1/sessions/{id}/acknowledgements",
                "POST /v1/sessions/{id}/cancel", "POST /v1/tasks/{id}/cancel",
            ],
            calls.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.All(calls, c =>
        {
            Assert.False(string.IsNullOrEmpty(c.Call.GetProperty("summary").GetString()), c.Name);
            Assert.False(string.IsNullOrEmpty(c.Call.GetProperty("description").GetString()), c.Name);
            Assert.All(c.Call.GetProperty("responses").EnumerateObject(), r => Assert.False(string.IsNullOrEmpty(r.Value.GetProperty("description").GetString()), c.Name));
            Assert.Equal(c.Name != "GET /alive", c.Call.GetProperty("responses").TryGetProperty("401", out _));
            Assert.Equal(c.Name != "GET /alive", c.Call.TryGetProperty("security", out _));
        });
    }

    [Fact]
    public async Task The_token_is_described_as_a_bearer_scheme()
    {
        var scheme = (await host.GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer");

        Assert.Equal("http", scheme.GetProperty("type").GetString());
        Assert.Equal("bearer", scheme.GetProperty("scheme").GetString());
    }

    [Fact]
    public async Task A_delegation_is_described_as_it_is_sent()
    {
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var call = document.GetProperty("paths").GetProperty("/v1/delegations").GetProperty("post");
        var body = Resolve(document, call.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"));

        var names = body.GetProperty("properties").EnumerateObject().Select(p => p.Name).ToList();
        Assert.Contains("limits", names);
        Assert.DoesNotContain("idempotencyKey", names);
        Assert.DoesNotContain("deadline", names);
        Assert.Equal(["from", "agent", "prompt"], body.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.Contains(call.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "Idempotency-Key");
        Assert.Equal("string", Resolve(document, body.GetProperty("properties").GetProperty("from")).GetProperty("type").GetString());
        Assert.Equal("string", body.GetProperty("properties").GetProperty("model").GetProperty("type").GetString());
        Assert.Equal("integer", body.GetProperty("properties").GetProperty("priority").GetProperty("type").GetString());
        Assert.False(body.GetProperty("additionalProperties").GetBoolean());
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (!schema.TryGetProperty("$ref", out var reference))
        {
            return schema;
        }

        return reference.GetString()![2..].Split('/').Aggregate(document, (at, part) => at.GetProperty(part));
    }
}
