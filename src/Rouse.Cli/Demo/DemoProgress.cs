using Rouse.Core;

namespace Rouse.Cli.Demo;

/// <summary>Where the demo stands, as the events tell.</summary>
internal sealed class DemoProgress
{
    private readonly Dictionary<TaskId, bool> _running = [];

    public SessionId? Parent { get; private set; }

    public int Delegated { get; private set; }

    public int Settled { get; private set; }

    public int Running => _running.Count(t => t.Value);

    /// <summary>A wake of the parent was consumed.</summary>
    public bool Woken { get; private set; }

    /// <summary>At least one child is done and another one is at work: a crash now hits both kinds.</summary>
    public bool InTheMiddle => Settled > 0 && Running > 0;

    public void Apply(Event happened)
    {
        switch (happened)
        {
            case TaskDelegated delegated:
                Parent ??= delegated.Spec.From;
                Delegated++;
                break;
            case PromptAdmitted admitted:
                _running[admitted.Task] = true;
                break;
            case TaskSettled settled:
                _running[settled.Task] = false;
                Settled++;
                break;
            case WakeConsumed:
                Woken = true;
                break;
            default:
                break;
        }
    }
}
