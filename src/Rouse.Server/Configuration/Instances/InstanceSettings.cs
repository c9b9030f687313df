using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Rouse.Server;

/// <summary>One instance as it is configured. What it takes depends on its harness; the hierarchy is closed.</summary>
/// <param name="Name">Such as <c>opencode@main</c>; sessions are addressed by it.</param>
public abstract partial record InstanceSettings(string Name)
{
    private const string HarnessKey = "harness";

    /// <summary>How each kind of harness reads its section.</summary>
    private static readonly ImmutableSortedDictionary<string, Func<string, SectionReader, InstanceSettings>> Kinds =
        new Dictionary<string, Func<string, SectionReader, InstanceSettings>>(StringComparer.Ordinal)
        {
            [ChatInstance.Kind] = ChatInstance.Read,
            [OpenCodeInstance.Kind] = OpenCodeInstance.Read,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    internal static ImmutableArray<InstanceSettings> ReadAll(SectionReader instances)
    {
        var read = ImmutableArray.CreateBuilder<InstanceSettings>();
        foreach (var name in instances.Names)
        {
            if (!ValidName().IsMatch(name) || name.Contains("__", StringComparison.Ordinal))
            {
                instances.Problem(name, "an instance is named by lower case letters, digits, '.', '-', '_' and '@', at most 64, without '__'");
            }

            if (Read(name, instances.Section(name)) is { } instance)
            {
                read.Add(instance);
            }
        }

        return read.ToImmutable();
    }

    private static InstanceSettings? Read(string name, SectionReader section)
    {
        var known = string.Join(", ", Kinds.Keys);
        if (section.Text(HarnessKey) is not { } kind)
        {
            if (!section.Has(HarnessKey))
            {
                section.Problem(HarnessKey, $"is missing; one of: {known}");
            }

            return null;
        }

        if (!Kinds.TryGetValue(kind, out var read))
        {
            section.Problem(HarnessKey, $"'{kind}' is not a harness that Rouse knows; one of: {known}");
            return null;
        }

        var instance = read(name, section);
        section.End();
        return instance;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._@-]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ValidName();
}
