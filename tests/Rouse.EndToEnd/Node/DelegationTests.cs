using System.Text.Json.Nodes;
using Rouse.EndToEnd.OpenCode;
using Rouse.ScriptedModel.Calls;

namespace Rouse.EndToEnd.Node;

/// <summary>The main job on the real OpenCode: a session delegates, goes on, and is woken.</summary>
public sealed class DelegationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // NOTE-2, NOTE-7, WAKE-2, DEL-7
    [Fact]
    public async Task Three_children_of_one_group_wake_their_parent_once_with_all_results()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Token);
        await using var node = await RouseNode.StartAsync(rig.Server.BaseUrl, Token);
        var parent = await ParentStory.OpenAsync(rig, node, "parent", Token);
        string[] words = ["alpha", "beta", "gamma"];
        foreach (var (word, i) in words.Select((w, i) => (w, i)))
        {
            await node.DelegateAsync(parent.Id, ParentStory.Work(word, 300 + (600 * i)), Token);
        }

        var tasks = await node.SettledAsync(parent.Id, words.Length, Token);

        Assert.All(tasks, t => Assert.Equal("completed", ParentStory.StatusOf(t)));
        var notice = Assert.Single(await parent.NoticesAsync(Token));
        Assert.Equal(1, parent.TurnsForNotices());
        await parent.AssertToldOnceAsync(words, node, Token);
        Assert.Contains("No person has spoken", notice, StringComparison.Ordinal);
        Assert.Contains("Status: completed", notice, StringComparison.Ordinal);
        Assert.Contains("Goal: Work on alpha", notice, StringComparison.Ordinal);
        Assert.Contains("Agent: build", notice, StringComparison.Ordinal);
        Assert.Contains("Nothing that you delegated is still running", notice, StringComparison.Ordinal);
        Assert.All(tasks, t => Assert.Contains(t!["id"]!.GetValue<string>(), notice, StringComparison.Ordinal));
        await AssertReceiptAsync(node, parent);
    }

    // GATE-1
    [Fact]
    public async Task A_parent_in_the_middle_of_a_turn_is_woken_when_it_is_idle_and_not_before()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Token);
        await using var node = await RouseNode.StartAsync(rig.Server.BaseUrl, Token);
        var parent = await ParentStory.OpenAsync(rig, node, "busy parent", Token);
        await rig.Server.Client.PromptAsync(parent.HarnessId, "GATE:busy\nSAY:finished my own work", Token);
        await rig.Model.WaitAtGateAsync("busy", cancellationToken: Token);
        await node.DelegateAsync(parent.Id, ParentStory.Work("delta", 0), Token);

        var held = await node.UntilAsync($"/v1/sessions/{parent.Id}/mailbox", m => HoldOf(m) is "working", Token);
        Assert.Empty(await parent.NoticesAsync(Token));
        Assert.Equal(0, RouseNode.Items(held)[0]!["wake"]!["sends"]!.GetValue<int>());
        rig.Model.Open("busy");

        await node.SettledAsync(parent.Id, 1, Token);
        await parent.AssertToldOnceAsync(["delta"], node, Token);
        Assert.Equal(1, parent.TurnsForNotices());
    }

    // LANE-2, LANE-1, LANE-9
    [Fact]
    public async Task A_lane_of_two_never_runs_three_and_starts_in_order_also_across_a_crash()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Token);
        await using var node = await RouseNode.StartAsync(rig.Server.BaseUrl, Token, new JsonObject { ["default"] = 2 });
        var parent = await ParentStory.OpenAsync(rig, node, "lane parent", Token);
        var words = Enumerable.Range(0, 10).Select(i => $"item{i}x").ToList();
        foreach (var word in words)
        {
            await node.DelegateAsync(parent.Id, ParentStory.Work(word, 300), Token);
        }

        await rig.Model.WaitForCallsAsync(c => c.LastUserText.StartsWith("Work on item3x", StringComparison.Ordinal), cancellationToken: Token);
        await node.RestartAsync(Token);
        var tasks = await node.SettledAsync(parent.Id, words.Count, Token);

        Assert.All(tasks, t => Assert.Equal("completed", ParentStory.StatusOf(t)));
        Assert.True(MostChildrenAtOnce(rig) <= 2, $"{MostChildrenAtOnce(rig)} children ran at once");
        await parent.AssertToldOnceAsync(words, node, Token);
        var started = rig.Model.Calls.Where(c => c.LastUserText.StartsWith("Work on item", StringComparison.Ordinal)).OrderBy(c => c.StartedAt).Select(c => c.LastUserText.Split('\n')[0]["Work on ".Length..]).ToList();
        // Two start side by side, so neighbours may overtake each other on their way to the model; nobody jumps the queue.
        Assert.All(started.Select((word, i) => Math.Abs(words.IndexOf(word) - i)), distance => Assert.True(distance <= 1, string.Join(' ', started)));
    }

    // CAN-10, WAKE-10
    [Fact]
    public async Task A_deleted_parent_leaves_a_dead_letter_and_no_running_child()
    {
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: Token);
        await using var node = await RouseNode.StartAsync(rig.Server.BaseUrl, Token);
        var parent = await ParentStory.OpenAsync(rig, node, "doomed parent", Token);
        var task = await node.DelegateAsync(parent.Id, "Work on epsilon\nGATE:never\nSAY:too late", Token);
        await rig.Model.WaitAtGateAsync("never", cancellationToken: Token);
        await node.UntilAsync($"/v1/tasks/{task}", t => ParentStory.StatusOf(t) == "running", Token);

        await rig.Server.Client.DeleteSessionAsync(parent.HarnessId, Token);

        await node.UntilAsync($"/v1/tasks/{task}", t => ParentStory.StatusOf(t) == "cancelled", Token);
        var letters = await node.UntilAsync("/v1/dead-letters", l => RouseNode.Items(l).Count > 0, Token);
        Assert.Equal("SessionGone", RouseNode.Items(letters)[0]!["deadLetter"]!.GetValue<string>());
        await rig.Model.WaitForCallsAsync(c => c.LastUserText.StartsWith("Work on epsilon", StringComparison.Ordinal) && c.State == ModelCallState.ClientClosed, cancellationToken: Token);
    }

    private static int MostChildrenAtOnce(OpenCodeRig rig)
    {
        var changes = rig.Model.Calls.Where(c => c.LastUserText.StartsWith("Work on ", StringComparison.Ordinal))
            .SelectMany(c => new[] { (At: c.StartedAt, By: 1), (At: c.EndedAt ?? DateTimeOffset.MaxValue, By: -1) })
            .OrderBy(c => c.At).ThenBy(c => c.By);
        var (now, most) = (0, 0);
        foreach (var change in changes)
        {
            now += change.By;
            most = Math.Max(most, now);
        }

        return most;
    }

    private static string? HoldOf(JsonNode mailbox) =>
        RouseNode.Items(mailbox) is [{ } notice, ..] ? notice["wake"]?["hold"]?["reason"]?.GetValue<string>() : null;

    private static async Task AssertReceiptAsync(RouseNode node, ParentStory parent)
    {
        var mailbox = await node.GetAsync($"/v1/sessions/{parent.Id}/mailbox", Token);
        var wake = RouseNode.Items(mailbox)[0]!["wake"]!["id"]!.GetValue<string>();
        var steps = (await node.GetAsync($"/v1/wakes/{wake}", Token))["receipt"]!.AsArray().Select(s => s!["step"]!.GetValue<string>());
        Assert.Equal(["due", "leased", "dispatched", "admitted", "consumed"], steps.Where(s => s != "released"));
    }
}
