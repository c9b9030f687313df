namespace Rouse.Server;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Path">The key at fault, such as <c>instances.opencode@main.url</c>; empty where it is about a file as a whole.</param>
/// <param name="Message">What is wrong and what to do about it; never a secret.</param>
/// <param name="Source">Where the value came from: a file, an environment variable or a flag.</param>
public sealed record ConfigurationProblem(string Path, string Message, string Source)
{
    public override string ToString() => Path.Length == 0 ? $"{Message} ({Source})" : $"{Path}: {Message} ({Source})";
}
