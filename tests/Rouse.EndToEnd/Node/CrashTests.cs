using System.Text.Json.Nodes;
using Rouse.EndToEnd.Faults;
using Rouse.EndToEnd.OpenCode;

namespace Rouse.EndToEnd.Node;

/// <summary>
/// Real kills and a bad network on the real OpenCode. The short form runs always; <c>eng/test --long</c> runs the long one.
/// </summary>
public sealed class CrashTests
{
    private const int TasksPerRun = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsLong => Environment.GetEnvironmentVariable("ROUSE_LONG_TESTS") == "1";

    // CRASH-1, CRASH-2..7, WAKE-1: `kill -9` of Rouse at random moments
    [Fact]
    public async Task Kills_of_Rouse_at_random_moments_lose_nothing_and_repeat_nothing()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Token);
        await using var node = await RouseNode.StartAsync(rig.Server.BaseUrl, Token);
        var runs = IsLong ? 20 : 3;
        var kills = 0;
        for (var run = 0; run < runs; run++)
        {
            var random = new Random(run);
            var parent = await ParentStory.OpenAsync(rig, node, $"run {run}", Token);
            var words = Words(run);
            var delegating = DelegateAllAsync(node, parent, words, random);
            for (var kill = random.Next(1, 4); kill > 0; kill--)
            {
                // The moment of the kill is what is tried, so it is drawn, and not waited for.
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 2500)), Token);
                await node.RestartAsync(Token);
                kills++;
            }

            await delegating;
            await AssertAllToldOnceAsync(node, parent, words);
        }

        TestContext.Current.SendDiagnosticMessage($"{runs} runs of {TasksPerRun} tasks, {kills} kills: every notice once, no prompt twice");
    }

    // WAKE-4, WAKE-5, WAKE-6, ATT-9, SRC-6: the network between Rouse and OpenCode
    [Fact]
    public async Task A_bad_network_loses_nothing_and_repeats_nothing()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Token);
        await using var node = await RouseNode.StartAsync(rig.Proxy.BaseUrl, Token);
        for (var run = 0; run < (IsLong ? 10 : 2); run++)
        {
            var random = new Random(1000 + run);
            var parent = await ParentStory.OpenAsync(rig, node, $"network {run}", Token);
            var words = Words(100 + run);
            var faults = new List<IDisposable>();
            foreach (var fault in new Fault[] { new Fault.Refuse(), new Fault.DropReply(), new Fault.DelayReply(TimeSpan.FromSeconds(12)) })
            {
                // Every kind of fault on every kind of write, a few times each.
                faults.Add(rig.Proxy.Inject(fault, r => r.Is("POST", "/session"), times: random.Next(1, 3)));
                faults.Add(rig.Proxy.Inject(fault, r => r.Is("POST", "/message"), times: random.Next(1, 3)));
                faults.Add(rig.Proxy.Inject(fault, r => r.Is("POST", "/prompt_async"), times: random.Next(1, 3)));
                faults.Add(rig.Proxy.Inject(fault, r => r is { Method: "GET" } && r.Path.Contains("/message", StringComparison.Ordinal), times: random.Next(1, 3)));
            }

            var delegating = DelegateAllAsync(node, parent, words, random);
            for (var cut = 0; cut < 3; cut++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 1500)), Token);
                rig.Proxy.CutEventStreams();
            }

            await delegating;
            await AssertAllToldOnceAsync(node, parent, words);
            faults.ForEach(f => f.Dispose());
        }
    }

    // WAKE-10, GATE-9: OpenCode killed while wakes are owed
    [Fact]
    public async Task Wakes_owed_to_a_dead_OpenCode_wait_without_tries_and_go_out_when_it_is_back()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Token);
        await using var node = await RouseNode.StartAsync(rig.Server.BaseUrl, Token);
        var parent = await ParentStory.OpenAsync(rig, node, "parent", Token);
        await rig.Server.Client.PromptAsync(parent.HarnessId, "GATE:busy\nSAY:never said", Token);
        await rig.Model.WaitAtGateAsync("busy", cancellationToken: Token);
        await node.DelegateAsync(parent.Id, ParentStory.Work("zeta", 0), Token);
        await node.UntilAsync($"/v1/sessions/{parent.Id}/mailbox", m => WakeOf(m)?["hold"] is not null, Token);

        await rig.Server.KillAsync();
        var parked = await node.UntilAsync($"/v1/sessions/{parent.Id}/mailbox", m => WakeOf(m)?["hold"]?["reason"]?.GetValue<string>() is "instance-down", Token);
        Assert.Equal(0, WakeOf(parked)!["sends"]!.GetValue<int>());
        await rig.Server.RestartAsync(Token);

        await node.SettledAsync(parent.Id, 1, Token);
        await parent.AssertToldOnceAsync(["zeta"], node, Token);
        Assert.Equal(1, parent.TurnsForNotices());
    }

    private static List<string> Words(int run) => [.. Enumerable.Range(0, TasksPerRun).Select(i => $"r{run}t{i}z")];

    private static async Task DelegateAllAsync(RouseNode node, ParentStory parent, List<string> words, Random random)
    {
        foreach (var (word, duration) in words.Select(w => (w, random.Next(0, 1500))).ToList())
        {
            await node.DelegateAsync(parent.Id, ParentStory.Work(word, duration), Token);
        }
    }

    private static async Task AssertAllToldOnceAsync(RouseNode node, ParentStory parent, List<string> words)
    {
        var tasks = await node.SettledAsync(parent.Id, words.Count, Token, TimeSpan.FromMinutes(4));
        Assert.True(tasks.All(t => ParentStory.StatusOf(t) == "completed"), $"{tasks.ToJsonString()}\n{node.Log}");
        await parent.AssertToldOnceAsync(words, node, Token);
    }

    private static JsonNode? WakeOf(JsonNode mailbox) => RouseNode.Items(mailbox) is [{ } notice, ..] ? notice["wake"] : null;
}
