using System.Collections.Immutable;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A delegation as it is asked for.</summary>
/// <param name="Key">The idempotency key, and what the child's habits are drawn by.</param>
public sealed record Work(string Key)
{
    public WakePolicy Wake { get; init; } = WakePolicy.All;

    public string? Group { get; init; }

    public string? Model { get; init; }

    public ImmutableArray<string> Fallbacks { get; init; } = [];

    /// <summary>Null: the instance of the session that asks.</summary>
    public string? Instance { get; init; }

    public TimeSpan? Deadline { get; init; }

    public int Priority { get; init; }

    public string Prompt => $"job {Key}";

    public string Title => $"title {Key}";

    /// <summary>What else can be asked for, by the key: the same request asks for the same each time.</summary>
    public string? Variant => Draw.For(0, Key, 1).Pick(null, "high");

    public string? System => Draw.For(0, Key, 2).Pick(null, $"be brief, {Key}");

    public string? Directory => Draw.For(0, Key, 3).Pick(null, null, $"/work/{Key}");

    public bool IsRestricted => Draw.For(0, Key, 4).Chance(0.5);

    public static Work Drawn(Draw draw, string key) => new(key)
    {
        Wake = draw.Pick(WakePolicy.All, WakePolicy.All, WakePolicy.Each, WakePolicy.None),
        Group = draw.Pick(null, null, "g"),
        Model = draw.Pick(null, null, "acme/big"),
        Fallbacks = draw.Chance(0.5) ? ["acme/small", "other/model"] : [],
        Instance = draw.Pick(null, null, World.Main, World.Far),
        Deadline = draw.Chance(0.25) ? TimeSpan.FromSeconds(draw.Between(1, 300)) : null,
        Priority = draw.Below(3),
    };

    public static ImmutableSortedDictionary<string, bool> Tools { get; } = ImmutableSortedDictionary<string, bool>.Empty.Add("bash", false);

    public static PermissionRule Rule { get; } = new("webfetch", "*", "deny");

    public DelegationRequest From(SessionId session) => new()
    {
        From = session, Agent = "worker", Prompt = Prompt, Description = Title, IdempotencyKey = Key, Wake = Wake, Group = Group, Model = Model,
        Fallbacks = Fallbacks, Instance = Instance, Deadline = Deadline, Priority = Priority, Variant = Variant, System = System,
        Directory = Directory, Tools = IsRestricted ? Tools : Tools.Clear(), Permissions = IsRestricted ? [Rule] : [],
    };
}
