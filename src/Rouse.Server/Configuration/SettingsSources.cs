using System.Collections;
using System.Collections.Immutable;

namespace Rouse.Server;

/// <summary>Where the configuration is read from, in rising weight: <c>rouse.json</c>, the environment, flags.</summary>
public sealed record SettingsSources
{
    /// <summary>The file named by the caller. Null: <c>rouse.json</c> in the data directory, else in the working directory, else none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Only names that begin with <c>ROUSE__</c> are read as configuration; the others serve <c>env:NAME</c> secrets.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableArray<SettingOverride> Overrides { get; init; } = [];

    /// <summary>Relative paths of the environment and of flags start here; those of a file start at the file's own directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>What <c>~</c> stands for.</summary>
    public required string HomeDirectory { get; init; }

    /// <summary>The sources of this process.</summary>
    public static SettingsSources OfProcess(string? configFile = null, params ImmutableArray<SettingOverride> overrides) => new()
    {
        ConfigFile = configFile,
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToImmutableDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
        Overrides = overrides,
        WorkingDirectory = Directory.GetCurrentDirectory(),
        HomeDirectory = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile),
    };
}
