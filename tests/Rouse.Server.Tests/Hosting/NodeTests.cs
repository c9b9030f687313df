using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Rouse.Engine;

namespace Rouse.Server.Tests;

/// <summary>A whole node, as it is configured, with the scripted model of the chat harness.</summary>
public sealed class NodeTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_configured_node_runs_what_is_delegated_and_finds_it_again_after_a_restart()
    {
        var settings = Settings("""{ "instances": { "chat@main": { "harness": "chat", "models": { "scripted": {} } } } }""");
        string task;
        await using (var server = await RouseServer.StartAsync(settings, new RouseServerOptions(), Cancelled))
        {
            using var client = Client(server);
            var session = await PostAsync(client, "/v1/sessions", """{"address":{"instance":"chat@main","id":"parent"}}""");
            var delegated = await PostAsync(
                client, "/v1/delegations", $$"""{"from":"{{session.GetProperty("id").GetString()}}","agent":"assistant","prompt":"SAY:all is well","wake":"none"}""");
            task = delegated.GetProperty("task").GetProperty("id").GetString()!;
            await SettledAsync(client, task);
            await IsDoneAsync(client, task);
        }

        await using var again = await RouseServer.StartAsync(settings, new RouseServerOptions(), Cancelled);
        using var later = Client(again);
        await IsDoneAsync(later, task);
    }

    [Fact]
    public async Task A_second_node_on_the_same_data_is_told_who_has_it()
    {
        var settings = Settings("{}");
        await using var first = await RouseServer.StartAsync(settings, new RouseServerOptions(), Cancelled);

        await Assert.ThrowsAsync<JournalOpenException>(() => RouseServer.StartAsync(settings, new RouseServerOptions(), Cancelled));
    }

    [Fact]
    public async Task A_node_without_instances_is_ready()
    {
        await using var server = await RouseServer.StartAsync(Settings("{}"), new RouseServerOptions(), Cancelled);
        using var client = Client(server);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health", Cancelled)).StatusCode);
    }

    private static HttpClient Client(RouseServer server)
    {
        var settings = (RouseSettings)server.Services.GetService(typeof(RouseSettings))!;
        var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(settings.TokenFile).Trim());
        return client;
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string url, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(url, content, Cancelled);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private static async Task SettledAsync(HttpClient client, string task)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/events?task={task}&type=task.settled");
        request.Headers.Add("Last-Event-ID", "0");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));
        while (await reader.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("The stream ended before the task was settled.");
    }

    private static async Task IsDoneAsync(HttpClient client, string task)
    {
        var found = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync($"/v1/tasks/{task}", Cancelled));
        var output = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync($"/v1/tasks/{task}/output", Cancelled));
        Assert.Equal("completed", found.GetProperty("status").GetString());
        Assert.Equal("all is well", output.GetProperty("text").GetString());
    }

    private RouseSettings Settings(string json) => RouseSettings.Load(new SettingsSources
    {
        ConfigFile = _data.Write("rouse.json", json),
        Overrides = [new SettingOverride(["data"], _data.Path, "--data"), new SettingOverride(["url"], "http://127.0.0.1:0", "--url")],
        WorkingDirectory = _data.Path,
        HomeDirectory = _data.Path,
    });
}
