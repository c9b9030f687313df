using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Reads the sections <c>limits</c>, <c>engine</c> and <c>lanes</c> into what the engine takes.</summary>
internal static class LimitSettings
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static Rules Rules(SectionReader limits)
    {
        var normal = Core.Rules.Default;
        var rules = new Rules
        {
            Depth = limits.Integer("depth", normal.Depth, 1, 100),
            OpenDescendants = limits.Integer("openDescendants", normal.OpenDescendants, 0, 1_000_000),
            Debounce = limits.Duration("debounce", normal.Debounce, TimeSpan.Zero, Minute),
            PersonWindow = limits.Duration("personWindow", normal.PersonWindow, TimeSpan.Zero, Hour),
            ReadBackQuiet = limits.Duration("readBackQuiet", normal.ReadBackQuiet, Instant, Hour),
            EmptyAfter = limits.Duration("emptyAfter", normal.EmptyAfter, Instant, Day),
            EarlyIdle = limits.Duration("earlyIdle", normal.EarlyIdle, TimeSpan.Zero, Hour),
            TodoGrace = limits.Duration("todoGrace", normal.TodoGrace, TimeSpan.Zero, Day),
            StallAfter = limits.Duration("stallAfter", normal.StallAfter, Second, 30 * Day),
            FirstProgressAfter = limits.Duration("firstProgressAfter", normal.FirstProgressAfter, Second, 30 * Day),
            ToolStallAfter = limits.Duration("toolStallAfter", normal.ToolStallAfter, Second, 30 * Day),
            GoneAfter = limits.Duration("goneAfter", normal.GoneAfter, Instant, Day),
            GoneMisses = limits.Integer("goneMisses", normal.GoneMisses, 1, 1_000),
            LostAfter = limits.Duration("lostAfter", normal.LostAfter, Second, 365 * Day),
            LoopWakes = limits.Integer("loopWakes", normal.LoopWakes, 1, 1_000_000),
            LoopWindow = limits.Duration("loopWindow", normal.LoopWindow, Second, Day),
            InlineResult = limits.Integer("inlineResult", normal.InlineResult, 256, 1024 * 1024),
        };
        limits.End();
        return rules;
    }

    public static EngineOptions Engine(SectionReader engine, Rules rules, LaneLimits lanes)
    {
        var normal = new EngineOptions();
        var options = new EngineOptions
        {
            Rules = rules,
            Lanes = lanes,
            DispatchDeadline = engine.Duration("dispatchDeadline", normal.DispatchDeadline, Instant, Hour),
            LongestBackoff = engine.Duration("longestBackoff", normal.LongestBackoff, Instant, Day),
            LookAgain = engine.Duration("lookAgain", normal.LookAgain, TimeSpan.FromMilliseconds(10), Hour),
            SafetyLook = engine.Duration("safetyLook", normal.SafetyLook, TimeSpan.FromMilliseconds(10), Day),
            CallsPerInstance = engine.Integer("callsPerInstance", normal.CallsPerInstance, 1, 10_000),
            SnapshotEvery = engine.Integer("snapshotEvery", normal.SnapshotEvery, 1, 1_000_000),
            CachedCrews = engine.Integer("cachedCrews", normal.CachedCrews, 1, 10_000_000),
        };
        engine.End();
        return options;
    }

    public static LaneLimits Lanes(SectionReader lanes)
    {
        var limits = lanes.Names.ToDictionary(name => name, name => lanes.Integer(name, fallback: 0, 0, 1_000_000), StringComparer.Ordinal);
        foreach (var name in limits.Keys.Where(string.IsNullOrWhiteSpace))
        {
            lanes.Problem(name, "a lane is 'default', a provider or provider/model");
        }

        return new LaneLimits(limits);
    }
}
