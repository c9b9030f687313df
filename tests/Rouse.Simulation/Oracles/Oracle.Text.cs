using System.Text;
using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>What a wake says: of every task what happened to it and all that it produced, as far as there is room, and of nothing else.</summary>
public sealed partial class Oracle
{
    /// <summary>So much is told of all results together.</summary>
    private const int Room = 64 * 1024;

    private void CheckContent(string text, BookedWake wake)
    {
        if (text.Split("[Rouse notice]").Length != 2)
        {
            Break(Rule.NoPerson, $"what an agent said passes for a notice in {wake.Id}: {text}");
        }

        var left = Room;
        var rest = text;
        foreach (var notice in wake.Notices)
        {
            var start = rest.IndexOf($"\nTask: {notice.Task.Id}\n", StringComparison.Ordinal);
            if (start < 0)
            {
                Break(Rule.NothingForgotten, $"{wake.Id} brings {notice.Id} and does not tell of {notice.Task.Id} in its turn:\n{text}");
            }

            rest = rest[(start + 1)..];
            CheckTold(rest, wake, notice.Task, ref left);
        }

        var told = text.Split('\n').Where(l => l.StartsWith("Task: ", StringComparison.Ordinal)).Select(l => l[6..]);
        var before = text.Split('\n').Where(l => l.StartsWith("Told before: ", StringComparison.Ordinal)).Select(l => l[13..].Split(' ')[0]);
        if (!Same(told, wake.Notices.Select(n => n.Task.Id)) || !Same(before, wake.Mentions))
        {
            Break(Rule.AsAsked, $"{wake.Id} tells of {string.Join(", ", told)} and again of {string.Join(", ", before)}:\n{text}");
        }

        var open = text.Split('\n')[^2];
        if (wake.StillOpen is [] ? open != "Nothing that you delegated is still running." : !wake.StillOpen.All(open.Contains))
        {
            Break(Rule.AsAsked, $"{wake.Id} says '{open}', and {string.Join(", ", wake.StillOpen)} are open");
        }
    }

    private void CheckTold(string text, BookedWake wake, BookedTask task, ref int left)
    {
        if (!_asked.TryGetValue((task.From.Id, task.Key!), out var asked))
        {
            return;
        }

        var reason = task.Reason is null || task.Reason == task.Status ? "" : $" ({task.Reason})";
        string[] lines =
        [
            $"Title: {asked.Work.Title}", "Agent: worker", $"Model: {task.Current.Model ?? "the agent's own"}", $"Status: {task.Status}{reason}", $"Goal: {asked.Work.Prompt}",
        ];
        var said = text.Split('\n', 8);
        if (lines.FirstOrDefault(l => !said.Contains(l)) is { } missing)
        {
            Break(Rule.AsAsked, $"{wake.Id} does not say '{missing}':\n{text}");
        }

        var produced = task.Output is null ? "" : _world.Journal.Body(new BodyRef(task.Output, Size: 0));
        CheckResult(text, wake, task, produced, ref left);
    }

    private void CheckResult(string text, BookedWake wake, BookedTask task, string produced, ref int left)
    {
        var (label, bytes) = (task.Partial ? "Partial result" : "Result", Encoding.UTF8.GetByteCount(produced));
        var room = Math.Min(_world.Options.Rules.InlineResult, Math.Max(left, 0));
        if (produced.Length == 0 || room < 4)
        {
            if (!text.Contains(produced.Length > 0 ? $"\n{label}: {bytes} bytes" : "\nResult: ", StringComparison.Ordinal))
            {
                Break(Rule.AsAsked, $"{wake.Id} does not say what became of the result of {task.Id}:\n{text}");
            }

            return;
        }

        var heading = bytes <= room ? $"\n{label}:\n" : $"\n{label} (the first part of {bytes} bytes):\n";
        var at = text.IndexOf(heading, StringComparison.Ordinal);
        var (fence, shown) = at < 0 ? ("", "") : Fenced(text[(at + heading.Length)..]);
        var whole = produced.Replace("[Rouse notice]", "[quoted: Rouse notice]", StringComparison.OrdinalIgnoreCase);
        var isWhole = bytes <= room ? shown == whole.TrimEnd('\n') : whole.StartsWith(shown, StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(shown) > room - 8;
        if (fence.Length < 3 || !isWhole || shown.Contains(fence, StringComparison.Ordinal))
        {
            Break(Rule.AsAsked, $"{wake.Id} does not show the result of {task.Id} ({bytes} bytes, room for {room}) as it is:\n{text}\nit is:\n{produced}");
        }

        left -= Math.Min(bytes, room);
    }

    /// <summary>The fence, and what stands before its second line.</summary>
    private static (string Fence, string Text) Fenced(string text)
    {
        var fence = new string('`', text.TakeWhile(c => c == '`').Count());
        var content = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        var end = fence.Length == 0 ? -1 : text.IndexOf($"\n{fence}\n", content, StringComparison.Ordinal);
        return end < 0 ? ("", "") : (fence, text[content..end].TrimEnd('\n'));
    }
}
