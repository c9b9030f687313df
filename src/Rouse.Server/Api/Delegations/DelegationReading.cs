using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>What a delegation holds. Whether it can be done is judged by the engine.</summary>
internal static class DelegationReading
{
    private const int PriorityBound = 100;
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(365);

    public static DelegationRequest Request(ObjectReader body) => new()
    {
        From = body.RequiredId<SessionId>("from"),
        Agent = body.RequiredText("agent", Bounds.Name),
        Prompt = body.RequiredBody("prompt", Bounds.Prompt),
        Description = body.OptionalText("description", Bounds.Description),
        Instance = body.OptionalText("instance", Bounds.Name),
        Model = body.OptionalText("model", Bounds.Name),
        Variant = body.OptionalText("variant", Bounds.Name),
        Fallbacks = body.Texts("fallbacks", Bounds.Fallbacks, Bounds.Name),
        Group = body.OptionalText("group", Bounds.Name),
        Wake = body.Choice("wake", WakePolicy.All, ("all", WakePolicy.All), ("each", WakePolicy.Each), ("none", WakePolicy.None)),
        Priority = body.Integer("priority", fallback: 0, -PriorityBound, PriorityBound),
        System = body.OptionalBody("system", Bounds.System),
        Tools = body.Flags("tools", Bounds.Tools, Bounds.Name),
        Permissions = body.Objects("permissions", Bounds.Permissions, Permission),
        Directory = body.OptionalText("directory", Bounds.Directory),
        Deadline = body.OptionalObject("limits", Limits)?.Deadline,
    };

    private static PermissionRule Permission(ObjectReader rule) => new(
        rule.RequiredText("permission", Bounds.Name),
        rule.RequiredText("pattern", Bounds.Pattern),
        rule.RequiredChoice("action", "", ("allow", "allow"), ("ask", "ask"), ("deny", "deny")));

    private static DelegationLimits Limits(ObjectReader limits) => new(limits.Duration("deadline", ShortestDeadline, LongestDeadline));
}

/// <param name="Deadline">How long the task may take from its acceptance on.</param>
internal sealed record DelegationLimits(TimeSpan? Deadline);
