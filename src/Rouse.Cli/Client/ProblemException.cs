namespace Rouse.Cli.Client;

/// <summary>The server refused.</summary>
/// <param name="json">The problem details as they came.</param>
internal sealed class ProblemException(Problem problem, string json) : Exception(problem.Detail ?? problem.Title)
{
    public Problem Problem { get; } = problem;

    public string Json { get; } = json;
}
