using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Harnesses.Chat.Tools;

/// <summary>Which tools a session may use. A rule's permission is the name of a tool, or <c>*</c>.</summary>
/// <remarks>
/// Rules restrict and never widen: the agent's own tools are the most there is. The last rule that fits decides. <c>ask</c> counts as
/// <c>deny</c>, since there is nobody to ask; so does a denial of some uses only, since arguments are the tool's own affair.
/// </remarks>
internal static class ToolRights
{
    private const string All = "*";

    public static bool Allows(
        string tool, ImmutableArray<PermissionRule> rules, ImmutableSortedDictionary<string, bool> session, ImmutableSortedDictionary<string, bool> prompt) =>
        !IsDenied(tool, rules) && Switch(tool, session) is not false && Switch(tool, prompt) is not false;

    private static bool IsDenied(string tool, ImmutableArray<PermissionRule> rules)
    {
        var denied = false;
        foreach (var rule in rules)
        {
            if (!Is(rule.Permission, tool) && !Is(rule.Permission, All))
            {
                continue;
            }

            if (!Is(rule.Action, "allow"))
            {
                denied = true;
            }
            else if (Is(rule.Pattern, All))
            {
                denied = false;
            }
        }

        return denied;
    }

    private static bool? Switch(string tool, ImmutableSortedDictionary<string, bool> switches)
    {
        if (switches.TryGetValue(tool, out var own))
        {
            return own;
        }

        return switches.TryGetValue(All, out var all) ? all : null;
    }

    private static bool Is(string text, string other) => string.Equals(text, other, StringComparison.Ordinal);
}
