using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Performs one kind of obligation: reads the crew, does one thing to the world, and brings what is known back as an input. Runs at least
/// once and is idempotent by the obligation's key; it never runs twice at the same time for one subject.
/// </summary>
internal interface IPerformer
{
    ObligationKind Kind { get; }

    Task<Performed> PerformAsync(Performance performance, CancellationToken cancellationToken);
}

/// <summary>When an obligation that is still owed is performed again.</summary>
internal abstract record Performed
{
    /// <summary>The reason of what waits for an instance that is down.</summary>
    public const string InstanceDown = "instance-down";

    private Performed(string? reason) => Reason = reason;

    /// <summary>What it waits for, for explain; null when nothing is in its way.</summary>
    public string? Reason { get; }

    public static Performed Wait { get; } = new WaitForSignal();

    /// <summary>Its instance must be back first.</summary>
    public static Performed WaitForInstance { get; } = new WaitForSignal(InstanceDown);

    /// <summary>Nothing more to do until the state or a signal says so.</summary>
    public sealed record WaitForSignal(string? Why = null) : Performed(Why);

    /// <param name="Time">By the <see cref="SteadyTime"/>.</param>
    public sealed record At(DateTimeOffset Time, string? Why = null) : Performed(Why);

    /// <summary>It did not work: again after a wait that grows with every time in a row.</summary>
    public sealed record BackOff(string Why) : Performed(Why);
}
