using System.Diagnostics.Metrics;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>What the engine counts, on the meter <c>Rouse.Engine</c>.</summary>
internal static class EngineMeters
{
    public const string Name = "Rouse.Engine";

    private static readonly Meter Meter = new(Name);

    public static Counter<long> Commits { get; } = Meter.CreateCounter<long>("rouse.commits", "{commit}", "Commits by result");

    public static Histogram<double> CommitDuration { get; } = Meter.CreateHistogram<double>("rouse.commit.duration", "s", "Time from a commit's submission to its end");

    public static Counter<long> TasksDelegated { get; } = Meter.CreateCounter<long>("rouse.tasks.delegated", "{task}", "Tasks accepted");

    public static Counter<long> TasksSettled { get; } = Meter.CreateCounter<long>("rouse.tasks.settled", "{task}", "Tasks settled by status");

    public static Counter<long> WakeSteps { get; } = Meter.CreateCounter<long>("rouse.wakes.steps", "{step}", "Receipt steps of wakes by name");

    public static Counter<long> Performed { get; } = Meter.CreateCounter<long>("rouse.obligations.performed", "{run}", "Runs of performers by kind and result");

    public static Histogram<double> PerformDuration { get; } = Meter.CreateHistogram<double>("rouse.obligations.duration", "s", "Time that a performer took");

    public static UpDownCounter<long> Owed { get; } = Meter.CreateUpDownCounter<long>("rouse.obligations.owed", "{obligation}", "What is owed now by kind");

    public static KeyValuePair<string, object?> Kind(ObligationKind kind) => new("kind", kind.ToString());
}
