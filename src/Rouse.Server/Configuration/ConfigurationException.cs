namespace Rouse.Server;

/// <summary>The configuration cannot be used. It names everything that is wrong, not only the first thing.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems) : Exception(Tell(problems))
{
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;

    private static string Tell(IReadOnlyList<ConfigurationProblem> problems) =>
        string.Join(Environment.NewLine, problems.Select(p => p.ToString()).Prepend("The configuration cannot be used:"));
}
