using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>How a run's world is furnished.</summary>
public sealed record Setting
{
    public const string OpenCode = "opencode";

    public const string Receipts = "receipts";

    public const string Once = "once";

    public int SnapshotEvery { get; init; } = 200;

    public int CachedCrews { get; init; } = 1000;

    public int CallsPerInstance { get; init; } = 64;

    /// <summary>The limit of the lane <c>default</c>.</summary>
    public int DefaultLane { get; init; } = 5;

    /// <summary>The limit of the lane <c>acme</c>; 0 for none.</summary>
    public int AcmeLane { get; init; }

    /// <summary>The limit of the lane of the one model <c>acme/big</c>, which holds beside that of its provider; 0 for none.</summary>
    public int BigLane { get; init; }

    /// <summary>After how long an instance that is away loses its tasks.</summary>
    public TimeSpan LostAfter { get; init; } = Rules.Default.LostAfter;

    /// <summary>Open tasks in one crew; 0 for no limit.</summary>
    public int OpenDescendants { get; init; }

    public int Depth { get; init; } = 3;

    /// <summary>The longest time that a call to a harness takes each way.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan CommitTime { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>What the instances are: opencode, receipts or once (at most).</summary>
    public string Main { get; init; } = OpenCode;

    public string Far { get; init; } = Receipts;

    /// <summary>How many root sessions there are; they live on the instances in turn.</summary>
    public int Roots { get; init; } = 1;

    public static HarnessModel Model(string kind) => kind switch
    {
        OpenCode => new OpenCodeModel(),
        Once => new AtMostOnceModel(),
        _ => new ReceiptModel(),
    };

    public EngineOptions Options => new()
    {
        SnapshotEvery = SnapshotEvery,
        CachedCrews = CachedCrews,
        CallsPerInstance = CallsPerInstance,
        Lanes = new LaneLimits([KeyValuePair.Create(LaneLimits.DefaultLane, DefaultLane), KeyValuePair.Create("acme", AcmeLane), KeyValuePair.Create("acme/big", BigLane)]),
        Rules = Rules.Default with { OpenDescendants = OpenDescendants, Depth = Depth, LostAfter = LostAfter },
    };
}
