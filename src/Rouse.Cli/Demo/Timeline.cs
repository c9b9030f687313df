using System.Globalization;
using Rouse.Cli.Output;
using Rouse.Core;

namespace Rouse.Cli.Demo;

/// <summary>Tells what happens, a line each, with the time since the start.</summary>
internal sealed class Timeline(Screen screen, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<TaskId, string> _titles = [];

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public void Tell(Event happened)
    {
        if (Line(happened) is { } line)
        {
            Say(line);
        }
    }

    public void Say(FormattableString line) =>
        screen.Line($"[grey]{Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),6}s[/]  {line}");

    private FormattableString? Line(Event happened)
    {
        switch (happened)
        {
            case TaskDelegated e:
                _titles[e.Task] = Words.Title(e.Spec.Description) ?? e.Spec.Agent;
                return $"delegated   {Title(e.Task)} [grey]({e.Task})[/]";
            case PromptAdmitted e:
                return $"[blue]running[/]     {Title(e.Task)}";
            case TaskSettled { Outcome: var outcome } e:
                return outcome.Status == AgentTaskStatus.Completed
                    ? (FormattableString)$"[green]completed[/]   {Title(e.Task)}"
                    : $"[red]{outcome.Status.ToString().ToLowerInvariant(),-10}[/]  {Title(e.Task)}: {outcome.Error?.Message ?? outcome.Reason}";
            case WakeDue e:
                return $"wake due    {e.Wake} for {e.Session}";
            case WakeHeld e:
                return $"[grey]wake held   {e.Reason}[/]";
            case WakeLeased e:
                return $"wake leased [grey]with {e.Notices.Length} notices[/]";
            case WakeDispatched e:
                return $"wake sent   [grey]{e.Route}{(e.Certain ? "" : ", answer unknown")}[/]";
            case WakeAdmitted e:
                return $"wake stored [grey]in the parent's history: {e.Evidence ?? "acknowledged"}[/]";
            case WakeConsumed:
                return $"[green]wake consumed[/]: the parent has answered it";
            case WakeDeadLettered e:
                return $"[red]wake dead[/]   {e.Reason}";
            default:
                return null;
        }
    }

    private string Title(TaskId task) => _titles.GetValueOrDefault(task, task.ToString());
}
