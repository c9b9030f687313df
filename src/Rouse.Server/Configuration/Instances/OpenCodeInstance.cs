using System.Collections.Immutable;

namespace Rouse.Server;

/// <summary>An OpenCode server: one that runs already (<see cref="Url"/>), or one that Rouse starts itself (<see cref="Command"/>).</summary>
public sealed record OpenCodeInstance(string Name) : InstanceSettings(Name)
{
    internal const string Kind = "opencode";

    public Uri? Url { get; init; }

    public string? Command { get; init; }

    public string Username { get; init; } = "opencode";

    public Secret? Password { get; init; }

    /// <summary>Where sessions work that name no directory.</summary>
    public string? Directory { get; init; }

    /// <summary>Where an OpenCode that Rouse starts keeps its own data; null for a directory of its own below Rouse's.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Names of Rouse's environment variables that an OpenCode that Rouse starts may see; all others are withheld.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    internal static OpenCodeInstance Read(string name, SectionReader section)
    {
        var instance = new OpenCodeInstance(name)
        {
            Url = section.Address("url"),
            Command = section.Text("command"),
            Username = section.Text("username") ?? "opencode",
            Password = section.Secret("password"),
            Directory = section.FilePath("directory"),
            DataDirectory = section.FilePath("dataDirectory"),
            Environment = section.Texts("environment"),
        };
        if (section.Has("url") == section.Has("command"))
        {
            section.Problem("needs either 'url', of a server that runs, or 'command', to start one");
        }

        if (section.Has("command") && instance.Directory is null)
        {
            section.Problem("directory", "is needed with 'command': the directory in which OpenCode works");
        }

        if (section.Has("command") && instance.Directory is { } directory && !System.IO.Directory.Exists(directory))
        {
            section.Problem("directory", $"there is no directory '{directory}'");
        }

        if (section.Has("command") && section.Has("password"))
        {
            section.Problem("password", "is for a server that runs; an OpenCode that Rouse starts gets one of its own");
        }

        foreach (var key in new[] { "dataDirectory", "environment" }.Where(k => section.Has("url") && section.Has(k)))
        {
            section.Problem(key, "is for an OpenCode that Rouse starts by 'command'");
        }

        foreach (var (index, _) in instance.Environment.Index().Where(v => v.Item.Contains('=', StringComparison.Ordinal)))
        {
            section.Problem($"environment[{index}]", "must be the name of a variable, without a value");
        }

        return instance;
    }
}
