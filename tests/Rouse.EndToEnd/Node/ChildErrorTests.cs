using System.Text.Json.Nodes;
using Rouse.EndToEnd.OpenCode;

namespace Rouse.EndToEnd.Node;

/// <summary>Whatever goes wrong in a child is one outcome with a reason, and wakes the parent.</summary>
public sealed class ChildErrorTests
{
    // ATT-6, ATT-7, W12: one of each kind, side by side because some are retried by OpenCode itself for more than a minute
    [Fact]
    public async Task Every_kind_of_child_error_is_one_failure_that_says_why_and_wakes_the_parent()
    {
        var token = TestContext.Current.CancellationToken;
        await using var rig = await OpenCodeRig.StartAsync(cancellationToken: token);
        await using var node = await RouseNode.StartAsync(rig.Server.BaseUrl, token);
        var parent = await ParentStory.OpenAsync(rig, node, "parent", token);
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        await DelegateAsync("SAY:never", "unknown-agent", b => b["agent"] = "nobody");
        await DelegateAsync("SAY:never", "unknown-model", b => b["model"] = "fake/none");
        await DelegateAsync("ERR:400:malformed", "malformed");
        await DelegateAsync("ERR:401:bad key", "bad key");
        await DelegateAsync("RETRY-AFTER:1\nERR:429:slow down", "slow down");
        await DelegateAsync("SAY:never", "connect", b => b["model"] = "dead/dead-1");

        var tasks = await node.SettledAsync(parent.Id, expected.Count, token, TimeSpan.FromMinutes(5));

        foreach (var task in tasks)
        {
            var id = task!["id"]!.GetValue<string>();
            Assert.True(ParentStory.StatusOf(task) == "failed", $"{task.ToJsonString()}\n{node.Log}");
            var outcome = task["outcome"]!.ToJsonString();
            Assert.True(outcome.Contains(expected[id], StringComparison.OrdinalIgnoreCase), $"'{expected[id]}' is not in {outcome}");
        }

        var notices = string.Join('\n', await parent.NoticesAsync(token));
        Assert.All(expected.Keys, id => Assert.Equal(1, notices.Split($"Task: {id}\n").Length - 1));

        async Task DelegateAsync(string prompt, string reason, Action<JsonObject>? change = null) =>
            expected[await node.DelegateAsync(parent.Id, prompt, token, b =>
            {
                b["wake"] = "each";
                b["model"] = "fake/fake-1";
                change?.Invoke(b);
            })] = reason;
    }
}
