using System.Collections.Immutable;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>The configuration of a node, read and checked. <c>docs/configuration.md</c> describes every key.</summary>
public sealed record RouseSettings
{
    internal const string LanesKey = "lanes";

    /// <summary>The file that was read; null without one.</summary>
    public string? File { get; init; }

    /// <summary>Absolute path of the directory that holds the journal and the token.</summary>
    public required string Data { get; init; }

    /// <summary>Where the API listens.</summary>
    public required ListenUrl Url { get; init; }

    public AccessSettings Access { get; init; } = new();

    /// <summary>By name, in the order of their names.</summary>
    public ImmutableArray<InstanceSettings> Instances { get; init; } = [];

    /// <summary>Limits, watches and lanes, as the engine takes them.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>The file with the token that every call but <c>/alive</c> must bring.</summary>
    public string TokenFile => Path.Combine(Data, "token");

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; it names everything that is.</exception>
    public static RouseSettings Load(SettingsSources sources) => SettingsLoader.Load(sources);
}
