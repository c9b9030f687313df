using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.EndToEnd.OpenCode;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode;
using HarnessOptions = Rouse.Harnesses.OpenCode.OpenCodeOptions;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>The real OpenCode, with a scripted model.</summary>
public sealed class OpenCodeWorld(OpenCodeRig rig) : HarnessWorld, IAsyncDisposable
{
    private const string Name = "opencode@test";

    private readonly HttpClient _http = new() { BaseAddress = rig.Server.BaseUrl };

    public OpenCodeRig Rig => rig;

    public override IHarness Harness { get; } = Open(rig.Server.BaseUrl, rig);

    public override string UnknownSession => "ses_ffffffffffffffffffffffffff";

    public override IHarness Reopen() => Open(rig.Server.BaseUrl, rig);

    /// <summary>An adapter that meets the faults of the rig's proxy.</summary>
    public IHarness OpenThroughProxy(Func<HarnessOptions, HarnessOptions>? configure = null) => Open(rig.Proxy.BaseUrl, rig, configure);

    public override NewSession NewSession(string key) => new()
    {
        Key = key,
        Title = "rouse: 100% _of_ it",
        Agent = "build",
        Model = "fake/fake-1",
        Directory = rig.Server.Home.Project,
        Metadata = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("task", "task_1").Add("attempt", "1"),
    };

    public override string Says(string answer) => $"SAY:{answer}";

    public override string Works(string gate) => $"GATE:{gate}\nSAY:done";

    public override string RunsTool() => """TOOL:bash:{"command":"sleep 600","description":"wait"}""";

    public override Task WorksAsync(string gate, CancellationToken cancellationToken) =>
        rig.Model.WaitAtGateAsync(gate, cancellationToken: cancellationToken);

    public override void Finish(string gate) => rig.Model.Open(gate);

    public override int TimesAsked(string text) => rig.Model.Calls.Count(c => c.LastUserText.Contains(text, StringComparison.Ordinal));

    public override async Task<bool> StoreOnlyAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        await CallAsync(HttpMethod.Post, $"/session/{session.Id}/message", new JsonObject
        {
            ["messageID"] = $"msg_rouse_{prompt.Key}",
            ["noReply"] = true,
            ["parts"] = new JsonArray(new JsonObject { ["id"] = $"prt_rouse_{prompt.Key}", ["type"] = "text", ["text"] = prompt.Text }),
        });
        return true;
    }

    public override Task KillAsync() => rig.Server.KillAsync();

    public override Task StartAgainAsync(CancellationToken cancellationToken) => rig.Server.RestartAsync(cancellationToken);

    /// <summary>A call of OpenCode's own interface, for the project's directory.</summary>
    public async Task<JsonNode?> CallAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{path}?directory={Uri.EscapeDataString(rig.Server.Home.Project)}")
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        await Harness.DisposeAsync();
        _http.Dispose();
    }

    private static OpenCodeHarness Open(Uri url, OpenCodeRig rig, Func<HarnessOptions, HarnessOptions>? configure = null)
    {
        var options = new HarnessOptions { Instance = Name, Url = url, Directory = rig.Server.Home.Project };
        return new OpenCodeHarness(configure?.Invoke(options) ?? options, TimeProvider.System, NullLogger.Instance);
    }
}
