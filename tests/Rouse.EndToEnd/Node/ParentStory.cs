using System.Text.Json.Nodes;
using Rouse.EndToEnd.OpenCode;
using Rouse.ScriptedModel.Calls;

namespace Rouse.EndToEnd.Node;

/// <summary>A parent session in a real OpenCode, and what its history says of the tasks that it delegated.</summary>
public sealed class ParentStory
{
    /// <summary>How every notice of Rouse's begins.</summary>
    public const string Heading = "[Rouse notice]";

    private readonly OpenCodeRig _rig;

    private ParentStory(OpenCodeRig rig, string harnessId, string id) => (_rig, HarnessId, Id) = (rig, harnessId, id);

    public string HarnessId { get; }

    /// <summary>Rouse's id of the session.</summary>
    public string Id { get; }

    /// <summary>A session with one turn behind it, known to the node. Its model answers every notice with a word of thanks.</summary>
    public static async Task<ParentStory> OpenAsync(OpenCodeRig rig, RouseNode node, string title, CancellationToken cancellationToken)
    {
        rig.Model.ScriptOverride = call => call.LastUserText.StartsWith(Heading, StringComparison.Ordinal) ? "SAY:thank you" : null;
        var session = await rig.Server.Client.CreateSessionAsync(title, cancellationToken: cancellationToken);
        await rig.Server.Client.AskAsync(session, "SAY:ready", cancellationToken);
        return new ParentStory(rig, session, await node.RegisterAsync(session, rig.Server.Home.Project, cancellationToken));
    }

    /// <summary>The prompt of a child that works for a while and reports a word that nothing else says.</summary>
    public static string Work(string word, int milliseconds) => $"Work on {word}\nSLOW:{milliseconds}\nSAY:report-{word}-end";

    /// <summary>The notices in the history, oldest first.</summary>
    public async Task<IReadOnlyList<string>> NoticesAsync(CancellationToken cancellationToken) =>
        [.. (await _rig.Server.Client.MessagesAsync(HarnessId, cancellationToken)).Where(m => m.Role == "user" && m.Text.StartsWith(Heading, StringComparison.Ordinal)).Select(m => m.Text)];

    /// <summary>Every word's report stands in the history exactly once, and every child's prompt was run exactly once.</summary>
    public async Task AssertToldOnceAsync(IReadOnlyList<string> words, RouseNode node, CancellationToken cancellationToken)
    {
        var notices = await NoticesAsync(cancellationToken);
        var all = string.Join("\n---\n", notices);
        foreach (var word in words)
        {
            var told = Count(all, $"report-{word}-end");
            var ran = _rig.Model.Calls.Count(c => c.Kind != ModelCallKind.Title && c.LastUserText.StartsWith($"Work on {word}\n", StringComparison.Ordinal));
            Assert.True(told == 1 && ran == 1, $"'{word}' was told {told} times and ran {ran} times. The history's notices:\n{all}\nThe node's log:\n{node.Log}");
        }
    }

    /// <summary>How often the parent's model was asked because of a notice.</summary>
    public int TurnsForNotices() => _rig.Model.Calls.Count(c => c.Kind != ModelCallKind.Title && c.LastUserText.StartsWith(Heading, StringComparison.Ordinal));

    public static string StatusOf(JsonNode? task) => task!["status"]!.GetValue<string>();

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
