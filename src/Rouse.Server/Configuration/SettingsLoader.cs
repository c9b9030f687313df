using System.Collections.Immutable;

namespace Rouse.Server;

/// <summary>Finds the file, lays the environment and flags over it, and reads every section.</summary>
internal static class SettingsLoader
{
    private const string FileName = "rouse.json";
    private const string DataKey = "data";
    private const string UrlKey = "url";
    private const string DefaultData = "~/.local/share/rouse";

    public static RouseSettings Load(SettingsSources sources)
    {
        var problems = new ConfigurationProblems();
        var file = FindFile(sources, problems);
        var tree = new ConfigurationTree();
        if (file is not null)
        {
            AddFile(tree, file, problems);
        }

        AddTexts(tree, sources, problems);

        // What lies in a broken file is unknown: reading on would only tell of its consequences.
        problems.ThrowIfAny();
        var settings = Read(new SectionReader(tree.Root, "", sources, problems), sources) with { File = file };
        problems.ThrowIfAny();
        return settings;
    }

    private static RouseSettings Read(SectionReader root, SettingsSources sources)
    {
        var data = root.FilePath(DataKey) ?? PathText.Absolute(DefaultData, sources.WorkingDirectory, sources.HomeDirectory);
        var url = ListenUrl.Read(root, UrlKey) ?? ListenUrl.Default;
        var access = AccessSettings.Read(root.Section("access"));
        if (!url.IsLoopback && !access.Insecure)
        {
            root.Problem(UrlKey, $"{url} can be reached from other machines, and the token would cross the network in the clear; "
                + "listen on a loopback address behind a proxy, or set access.insecure to true");
        }

        var rules = LimitSettings.Rules(root.Section("limits"));
        var lanes = LimitSettings.Lanes(root.Section(RouseSettings.LanesKey));
        var engine = LimitSettings.Engine(root.Section("engine"), rules, lanes);
        var routing = root.Section("routing");
        if (!routing.Flag("live", fallback: true))
        {
            // Better refused than accepted and without effect.
            routing.Problem("live", "no harness of this version has another route than the live one; leave it true");
        }

        routing.End();
        var settings = new RouseSettings
        {
            Data = data,
            Url = url,
            Access = access,
            Instances = InstanceSettings.ReadAll(root.Section("instances")),
            Engine = engine,
        };
        root.End();
        return settings;
    }

    private static void AddTexts(ConfigurationTree tree, SettingsSources sources, ConfigurationProblems problems)
    {
        foreach (var (path, value, name) in ConfigurationTree.OfEnvironment(sources.Environment))
        {
            tree.AddText(path, value, new ConfigurationOrigin($"environment variable {name}", sources.WorkingDirectory, IgnoresCase: true), problems);
        }

        foreach (var flag in sources.Overrides)
        {
            tree.AddText(flag.Path, flag.Value, new ConfigurationOrigin(flag.Source, sources.WorkingDirectory), problems);
        }
    }

    private static void AddFile(ConfigurationTree tree, string file, ConfigurationProblems problems)
    {
        try
        {
            tree.AddFile(file, File.ReadAllText(file), problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add("", $"the file cannot be read: {e.Message}", file);
        }
    }

    private static string? FindFile(SettingsSources sources, ConfigurationProblems problems)
    {
        if (sources.ConfigFile is { } named)
        {
            var path = PathText.Absolute(named, sources.WorkingDirectory, sources.HomeDirectory);
            if (!File.Exists(path))
            {
                problems.Add("", "the file does not exist", path);
                return null;
            }

            return path;
        }

        string[] places = [DataDirectory(sources), sources.WorkingDirectory];
        return places.Select(p => Path.Combine(p, FileName)).FirstOrDefault(File.Exists);
    }

    /// <summary>The data directory as far as it is known without the file, which may lie in it.</summary>
    private static string DataDirectory(SettingsSources sources)
    {
        var flag = sources.Overrides.LastOrDefault(o => o.Path is [DataKey])?.Value;
        var variable = ConfigurationTree.OfEnvironment(sources.Environment)
            .Where(e => e.Path is [var key] && key.Equals(DataKey, StringComparison.OrdinalIgnoreCase)).Select(e => e.Value).LastOrDefault();
        return PathText.Absolute(flag ?? variable ?? DefaultData, sources.WorkingDirectory, sources.HomeDirectory);
    }
}
