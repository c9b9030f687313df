using System.Collections.Immutable;
using Rouse.Core;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Sessions;

/// <summary>
/// What a session may do, as OpenCode's rules: the last one that matches counts, so denials stand at the end. The prompt's own <c>tools</c> is
/// never used: it replaces all rules of the session for good.
/// </summary>
internal static class SessionRules
{
    private const string Question = "question";

    private static readonly ImmutableHashSet<string> EditTools = ["edit", "write", "patch", "multiedit", "apply_patch"];

    public static ImmutableArray<WireRule> Of(IEnumerable<PermissionRule> permissions, IReadOnlyDictionary<string, bool> tools)
    {
        var given = permissions.Select(p => new WireRule(p.Permission, p.Pattern, p.Action)).ToImmutableArray();

        // A question would wait for a person who does not see it. Denied, the tool is not even offered to the model.
        var mayAsk = given.LastOrDefault(r => r.Permission == Question)?.Action is "allow" or "ask";
        return
        [
            .. given,
            .. Denials(tools),
            .. mayAsk ? (IEnumerable<WireRule>)[] : [Deny(Question)],
        ];
    }

    /// <summary>The denials among the tools that a session does not have yet.</summary>
    public static ImmutableArray<WireRule> Missing(IReadOnlyList<WireRule>? existing, IReadOnlyDictionary<string, bool> tools) =>
        [.. Denials(tools).Where(denial => existing?.LastOrDefault(r => r.Permission == denial.Permission && r.Pattern == "*") != denial)];

    private static IEnumerable<WireRule> Denials(IReadOnlyDictionary<string, bool> tools) =>
        tools.Where(t => !t.Value).Select(t => Deny(PermissionOf(t.Key))).Distinct();

    /// <summary>All tools that change files ask for one and the same permission.</summary>
    private static string PermissionOf(string tool) => EditTools.Contains(tool) ? "edit" : tool;

    private static WireRule Deny(string permission) => new(permission, "*", "deny");
}
