using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Rouse.Server;

/// <summary>
/// Reads one section by its keys. A wrong value is told and answered with the fallback, so that reading goes on and everything wrong
/// is found; <see cref="End"/> tells the keys that nobody asked for.
/// </summary>
internal sealed class SectionReader(ConfigurationNode.Section node, string path, SettingsSources sources, ConfigurationProblems problems)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    public string Source => node.Origin.Name;

    /// <summary>The names in a section whose keys are names, not settings.</summary>
    public IEnumerable<string> Names => node.Members.Keys.Order(StringComparer.Ordinal);

    public bool Has(string key) => Find(key) is not null;

    public void Problem(string key, string message) =>
        problems.Add(ConfigurationProblems.Join(Path, key), message, (Find(key)?.Origin ?? node.Origin).Name);

    public void Problem(string message) => problems.Add(Path, message, node.Origin.Name);

    public string? Text(string key)
    {
        var text = Take(key) switch
        {
            null => null,
            ConfigurationNode.Text t => t.Content,
            ConfigurationNode.Value { Json.ValueKind: JsonValueKind.String } v => v.Json.GetString(),
            _ => Wrong<string>(key, "must be text"),
        };
        return text is null || !string.IsNullOrWhiteSpace(text) ? text : Wrong<string>(key, "must not be empty");
    }

    public int Integer(string key, int fallback, int least, int most)
    {
        int? number = Take(key) switch
        {
            null => fallback,
            ConfigurationNode.Text t when int.TryParse(t.Content, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) => n,
            ConfigurationNode.Value { Json.ValueKind: JsonValueKind.Number } v when v.Json.TryGetInt32(out var n) => n,
            _ => null,
        };
        if (number is { } value && value >= least && value <= most)
        {
            return value;
        }

        Problem(key, $"must be a whole number from {least} to {most}");
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        switch (Take(key))
        {
            case null:
                return fallback;
            case ConfigurationNode.Text t when bool.TryParse(t.Content, out var flag):
                return flag;
            case ConfigurationNode.Value { Json.ValueKind: JsonValueKind.True or JsonValueKind.False } v:
                return v.Json.GetBoolean();
            default:
                Problem(key, "must be true or false");
                return fallback;
        }
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (DurationText.TryParse(text, out var duration) && duration >= least && duration <= most)
        {
            return duration;
        }

        Problem(key, $"{DurationText.Expected}, from {DurationText.Format(least)} to {DurationText.Format(most)}");
        return fallback;
    }

    /// <summary>An absolute path: <c>~</c> is expanded, and a relative one starts where its source stands.</summary>
    public string? FilePath(string key) => Text(key) is { } text ? PathText.Absolute(text, Find(key)!.Origin.Directory, sources.HomeDirectory) : null;

    /// <summary>The content of the file that is named.</summary>
    public string? FileText(string key)
    {
        if (FilePath(key) is not { } file)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong<string>(key, $"the file cannot be read: {e.Message}");
        }
    }

    /// <summary>An absolute <c>http</c> or <c>https</c> address without credentials.</summary>
    public Uri? Address(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return Wrong<Uri>(key, "must be an address such as http://127.0.0.1:4096");
        }

        // The address is shown in logs and problems; what is secret has a key of its own.
        return uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0
            ? Wrong<Uri>(key, "must hold no user, password, query or fragment")
            : uri;
    }

    public Secret? Secret(string key) =>
        Text(key) is { } text ? SecretReference.Resolve(text, Find(key)!.Origin.Directory, sources, m => Problem(key, m)) : null;

    public ImmutableArray<string> Texts(string key)
    {
        switch (Take(key))
        {
            case null:
                return [];
            case ConfigurationNode.Text t when !t.Content.TrimStart().StartsWith('['):
                return [.. t.Content.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
            case ConfigurationNode.Text t when ConfigurationTree.OfText(t, Join(key), problems) is ConfigurationNode.Items parsed:
                return TextsOf(key, parsed);
            case ConfigurationNode.Items items:
                return TextsOf(key, items);
            default:
                Problem(key, "must be a list of texts");
                return [];
        }
    }

    /// <summary>A section below this one; an empty one when it is not given.</summary>
    public SectionReader Section(string key)
    {
        switch (Take(key))
        {
            case null:
                return Below(key, new ConfigurationNode.Section(node.Origin));
            case ConfigurationNode.Section section:
                return Below(key, section);
            case ConfigurationNode.Text t when ConfigurationTree.OfText(t, Join(key), problems) is ConfigurationNode.Section parsed:
                return Below(key, parsed);
            default:
                Problem(key, "must be a section with keys of its own");
                return Below(key, new ConfigurationNode.Section(node.Origin));
        }
    }

    /// <summary>Tells every key that was not asked for.</summary>
    public void End()
    {
        foreach (var (key, value) in node.Members.Where(m => !_read.Contains(m.Key)).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            problems.Add(Join(key), $"is not a key that Rouse knows; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}", value.Origin.Name);
        }
    }

    private string Join(string key) => ConfigurationProblems.Join(Path, key);

    private SectionReader Below(string key, ConfigurationNode.Section section) => new(section, Join(key), sources, problems);

    private ImmutableArray<string> TextsOf(string key, ConfigurationNode.Items items)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, item) in items.Nodes.Index())
        {
            if (item is ConfigurationNode.Value { Json.ValueKind: JsonValueKind.String } v && !string.IsNullOrWhiteSpace(v.Json.GetString()))
            {
                texts.Add(v.Json.GetString()!);
            }
            else
            {
                Problem($"{key}[{index}]", "must be text and not empty");
            }
        }

        return texts.ToImmutable();
    }

    private T? Wrong<T>(string key, string message)
        where T : class
    {
        Problem(key, message);
        return null;
    }

    private ConfigurationNode? Take(string key)
    {
        _known.Add(key);
        if (FindMember(key) is not { } member)
        {
            return null;
        }

        _read.Add(member.Key);
        return member.Value;
    }

    private ConfigurationNode? Find(string key) => FindMember(key)?.Value;

    private KeyValuePair<string, ConfigurationNode>? FindMember(string key) =>
        node.Members.TryGetValue(key, out var exact)
            ? KeyValuePair.Create(key, exact)
            : node.Members.Where(m => m.Value.Origin.IgnoresCase && m.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
                .Select(m => (KeyValuePair<string, ConfigurationNode>?)m).FirstOrDefault();
}
