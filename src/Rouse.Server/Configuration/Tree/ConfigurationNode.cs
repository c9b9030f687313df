using System.Text.Json;

namespace Rouse.Server;

/// <summary>A value of the merged configuration, together with where it came from.</summary>
internal abstract record ConfigurationNode(ConfigurationOrigin Origin)
{
    /// <summary>A section. Its members change while the sources are laid over each other.</summary>
    internal sealed record Section(ConfigurationOrigin Origin) : ConfigurationNode(Origin)
    {
        public Dictionary<string, ConfigurationNode> Members { get; } = new(StringComparer.Ordinal);
    }

    internal sealed record Items(ConfigurationOrigin Origin, IReadOnlyList<ConfigurationNode> Nodes) : ConfigurationNode(Origin);

    /// <summary>A value of a file, which has a type.</summary>
    internal sealed record Value(ConfigurationOrigin Origin, JsonElement Json) : ConfigurationNode(Origin);

    /// <summary>A value of the environment or a flag: text that is read as whatever type its key has.</summary>
    internal sealed record Text(ConfigurationOrigin Origin, string Content) : ConfigurationNode(Origin);
}

/// <param name="Name">What a problem names: a file, a variable, a flag.</param>
/// <param name="Directory">Where relative paths of this origin start.</param>
/// <param name="IgnoresCase">Environment variables are often written in capitals.</param>
internal sealed record ConfigurationOrigin(string Name, string Directory, bool IgnoresCase = false);
