using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rouse.Core;
using Rouse.EndToEnd.Faults;
using Rouse.EndToEnd.OpenCode;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode;
using HarnessOptions = Rouse.Harnesses.OpenCode.OpenCodeOptions;

namespace Rouse.Conformance.Harnesses.OpenCode;

/// <summary>The real OpenCode, with a scripted model.</summary>
public sealed class OpenCodeWorld(OpenCodeRig rig) : AskingHarnessWorld, IAsyncDisposable
{
    private const string Name = "opencode@test";

    private readonly HttpClient _http = new() { BaseAddress = rig.Server.BaseUrl };

    public OpenCodeRig Rig => rig;

    public override IHarness Harness { get; } = Open(rig.Server.BaseUrl, rig);

    /// <summary>It connects to a server of someone else's.</summary>
    public override bool OwnsProcess => false;

    public override string UnknownSession => "ses_ffffffffffffffffffffffffff";

    public override IHarness Reopen() => Open(rig.Server.BaseUrl, rig);

    /// <summary>An adapter that meets the faults of the rig's proxy.</summary>
    public IHarness OpenThroughProxy(Func<HarnessOptions, HarnessOptions>? configure = null) => Open(rig.Proxy.BaseUrl, rig, configure);

    public override BrokenHarness Break(BrokenCall call, Breakage how)
    {
        var (when, times) = call switch
        {
            BrokenCall.Every => ((Func<ProxiedRequest, bool>)(static _ => true), int.MaxValue),
            BrokenCall.Creation => (r => r.Is("POST", "/session"), 1),
            BrokenCall.Delivery => (r => r.Is("POST", "/message"), 1),
            _ => throw new ArgumentOutOfRangeException(nameof(call), call, "There is no such call."),
        };
        Fault fault = how switch
        {
            Breakage.Refused => new Fault.Refuse(),
            Breakage.ReplyLost => new Fault.DropReply(),
            Breakage.Hangs => new Fault.DelayReply(TimeSpan.FromMinutes(5)),
            _ => throw new ArgumentOutOfRangeException(nameof(how), how, "There is no such fault."),
        };
        var harness = how == Breakage.Hangs
            ? OpenThroughProxy(o => o with
            {
                ReadDeadline = TimeSpan.FromSeconds(1), SendDeadline = TimeSpan.FromSeconds(2), AbortDeadline = TimeSpan.FromSeconds(1),
            })
            : OpenThroughProxy();
        return new BrokenHarness(harness, rig.Proxy.Inject(fault, when, times));
    }

    public override GappyHarness OpenGappy() => new(
        OpenThroughProxy(),
        () =>
        {
            Assert.Equal(1, rig.Proxy.CutEventStreams());
            return Task.CompletedTask;
        },
        losesConnection: true);

    public override IHarness OpenWith(string secret, ILoggerFactory logs) =>
        Open(rig.Proxy.BaseUrl, rig, o => o with { Password = secret }, logs.CreateLogger(Name));

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

    public override string FailsAs(string words) => $"ERR:401:{words}";

    public override Task WorksAsync(string gate, CancellationToken cancellationToken) =>
        rig.Model.WaitAtGateAsync(gate, cancellationToken: cancellationToken);

    public override void Finish(string gate) => rig.Model.Open(gate);

    public override int TimesAsked(string text) => rig.Model.Calls.Count(c => c.LastUserText.Contains(text, StringComparison.Ordinal));

    public override async Task<int> TimesStoredAsync(Address session, string text, CancellationToken cancellationToken) =>
        (await CallAsync(HttpMethod.Get, $"/session/{session.Id}/message"))!.AsArray()
            .Where(m => m!["info"]!["role"]!.GetValue<string>() == "user")
            .Sum(m => m!["parts"]!.AsArray().Count(p => p!["text"]?.GetValue<string>() == text));

    public override Task StoreOnlyAsync(Address session, Prompt prompt, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"/session/{session.Id}/message", new JsonObject
        {
            ["messageID"] = $"msg_rouse_{prompt.Key}",
            ["noReply"] = true,
            ["parts"] = new JsonArray(new JsonObject { ["id"] = $"prt_rouse_{prompt.Key}", ["type"] = "text", ["text"] = prompt.Text }),
        });

    public override NewSession NewAskingSession(string key) => NewSession(key) with { Permissions = [new PermissionRule("question", "*", "allow")] };

    public override string Asks(string question) =>
        $$"""
        TOOL:question:{"questions":[{"question":"{{question}}","header":"Way","options":[{"label":"A","description":"first"},{"label":"B","description":"second"}]}]}
        NEXT
        SAY:thanks
        """;

    public override async Task AnswerAsync(Address session, CancellationToken cancellationToken)
    {
        var question = (await QuestionsOfAsync(session)).Single();
        await CallAsync(HttpMethod.Post, $"/question/{question["id"]}/reply", new JsonObject { ["answers"] = new JsonArray(new JsonArray("B")) });
    }

    public override async Task<int> OpenQuestionsAsync(Address session, CancellationToken cancellationToken) => (await QuestionsOfAsync(session)).Count();

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

    private async Task<IEnumerable<JsonNode>> QuestionsOfAsync(Address session) =>
        (await CallAsync(HttpMethod.Get, "/question"))!.AsArray().OfType<JsonNode>().Where(q => q["sessionID"]!.GetValue<string>() == session.Id);

    public async ValueTask DisposeAsync()
    {
        await Harness.DisposeAsync();
        _http.Dispose();
    }

    private static OpenCodeHarness Open(Uri url, OpenCodeRig rig, Func<HarnessOptions, HarnessOptions>? configure = null, ILogger? logger = null)
    {
        var options = new HarnessOptions { Instance = Name, Url = url, Directory = rig.Server.Home.Project };
        return new OpenCodeHarness(configure?.Invoke(options) ?? options, TimeProvider.System, logger ?? NullLogger.Instance);
    }
}
