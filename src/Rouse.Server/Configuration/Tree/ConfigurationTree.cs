using System.Collections.Immutable;
using System.Text.Json;

namespace Rouse.Server;

/// <summary>Lays the sources over each other. What the values mean is not known here.</summary>
internal sealed class ConfigurationTree
{
    private const string Prefix = "ROUSE__";
    private static readonly JsonDocumentOptions FileSyntax =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 };

    public ConfigurationNode.Section Root { get; } = new(new ConfigurationOrigin("the configuration", "/"));

    public static IEnumerable<(ImmutableArray<string> Path, string Value, string Name)> OfEnvironment(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(e => e.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => (Split(e.Key[Prefix.Length..]), e.Value, e.Key));

    public void AddFile(string file, string json, ConfigurationProblems problems)
    {
        var origin = new ConfigurationOrigin(file, Path.GetDirectoryName(file) ?? "/");
        try
        {
            using var document = JsonDocument.Parse(json, FileSyntax);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add("", "the file must hold one JSON object", file);
                return;
            }

            Merge(Root, document.RootElement, "", origin, problems);
        }
        catch (JsonException e)
        {
            problems.Add("", $"is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", file);
        }
        catch (InvalidOperationException)
        {
            problems.Add("", "holds a text that is not valid Unicode", file);
        }
    }

    public void AddText(ImmutableArray<string> path, string value, ConfigurationOrigin origin, ConfigurationProblems problems)
    {
        if (path.Length == 0 || path.Any(p => p.Length == 0))
        {
            problems.Add("", "does not name a key", origin.Name);
            return;
        }

        var section = Root;
        foreach (var part in path[..^1])
        {
            var name = NameIn(section, part, origin);
            if (section.Members.GetValueOrDefault(name) is not ConfigurationNode.Section next)
            {
                section.Members[name] = next = new ConfigurationNode.Section(origin);
            }

            section = next;
        }

        section.Members[NameIn(section, path[^1], origin)] = new ConfigurationNode.Text(origin, value);
    }

    /// <summary>The JSON in a text, for sections and lists that are given as one environment variable.</summary>
    public static ConfigurationNode? OfText(ConfigurationNode.Text text, string path, ConfigurationProblems problems)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Content, FileSyntax);
            return Of(document.RootElement, path, text.Origin, problems);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // The name of a lane may hold two underscores: whatever follows "lanes" is one name.
    private static ImmutableArray<string> Split(string name)
    {
        var parts = name.Split("__", 2);
        return parts.Length == 2 && parts[0].Equals(RouseSettings.LanesKey, StringComparison.OrdinalIgnoreCase) ? [.. parts] : [.. name.Split("__")];
    }

    private static string NameIn(ConfigurationNode.Section section, string name, ConfigurationOrigin origin) =>
        !origin.IgnoresCase || section.Members.ContainsKey(name)
            ? name
            : section.Members.Keys.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    private static void Merge(
        ConfigurationNode.Section section, JsonElement json, string path, ConfigurationOrigin origin, ConfigurationProblems problems)
    {
        foreach (var member in json.EnumerateObject())
        {
            var at = ConfigurationProblems.Join(path, member.Name);
            if (!section.Members.TryAdd(member.Name, Of(member.Value, at, origin, problems)))
            {
                problems.Add(at, "is given twice", origin.Name);
            }
        }
    }

    private static ConfigurationNode Of(JsonElement json, string path, ConfigurationOrigin origin, ConfigurationProblems problems)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var section = new ConfigurationNode.Section(origin);
                Merge(section, json, path, origin, problems);
                return section;
            case JsonValueKind.Array:
                return new ConfigurationNode.Items(origin, [.. json.EnumerateArray().Select((e, i) => Of(e, $"{path}[{i}]", origin, problems))]);
            case JsonValueKind.String:
                // Half a surrogate pair is found only when the text is read; better here than at a key that nobody expects to throw.
                _ = json.GetString();
                goto default;
            default:
                return new ConfigurationNode.Value(origin, json.Clone());
        }
    }
}
