using System.Collections.Immutable;

namespace Rouse.Server;

/// <summary>One value that outweighs the file and the environment: a flag of the command line.</summary>
/// <param name="Path">The key, one part each, such as <c>["limits", "depth"]</c>.</param>
/// <param name="Value">As text, read as the key's type.</param>
/// <param name="Source">What a problem names as its origin, such as <c>--url</c>.</param>
public sealed record SettingOverride(ImmutableArray<string> Path, string Value, string Source);
