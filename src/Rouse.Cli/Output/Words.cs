using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Cli.Output;

/// <summary>The words and colours in which commands tell the same thing the same way.</summary>
internal static class Words
{
    private const int LongestTitle = 80;

    /// <summary>The status in its colour, as markup.</summary>
    public static FormattableString Of(AgentTaskStatus status) => status switch
    {
        AgentTaskStatus.Queued => $"[grey]queued[/]",
        AgentTaskStatus.Starting => $"[blue]starting[/]",
        AgentTaskStatus.Running => $"[blue]running[/]",
        AgentTaskStatus.Settling => $"[blue]settling[/]",
        AgentTaskStatus.Completed => $"[green]completed[/]",
        AgentTaskStatus.Failed => $"[red]failed[/]",
        AgentTaskStatus.Cancelled => $"[yellow]cancelled[/]",
        AgentTaskStatus.Lost => $"[red]lost[/]",
        _ => $"{status}",
    };

    public static FormattableString Of(WakePhase phase) => phase switch
    {
        WakePhase.Due => $"[grey]due[/]",
        WakePhase.Leased => $"[blue]leased[/]",
        WakePhase.Dispatched => $"[blue]dispatched[/]",
        WakePhase.Admitted => $"[blue]admitted[/]",
        WakePhase.Consumed => $"[green]consumed[/]",
        WakePhase.DeadLettered => $"[red]dead-lettered[/]",
        _ => $"{phase}",
    };

    public static string Of(NoticeState state) => state == NoticeState.DeadLettered ? "dead-lettered" : state.ToString().ToLowerInvariant();

    public static FormattableString Mark(bool holds) => holds ? $"[green]✓[/]" : (FormattableString)$"[red]✗[/]";

    public static bool IsSettled(this AgentTaskStatus status) =>
        status is AgentTaskStatus.Completed or AgentTaskStatus.Failed or AgentTaskStatus.Cancelled or AgentTaskStatus.Lost;

    /// <summary>One line that says what the task is.</summary>
    public static string Title(TaskView task) => Title(task.Description) ?? task.Agent;

    /// <summary>Whole control sequences are taken out before the line is cut: half of one would stay as rubbish.</summary>
    public static string? Title(string? description) => TextBounds.OneLine(description is null ? null : Harmless.Lines(description), LongestTitle);

    public static string At(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Ago(DateTimeOffset moment, TimeProvider time) => Elapsed.Text(time.GetUtcNow() - moment) + " ago";

    public static string Error(TaskError error) => $"{error.Reason}: {error.Message}";

    public static string Size(int bytes) =>
        bytes < 1024 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024d:0.0} KiB");
}
