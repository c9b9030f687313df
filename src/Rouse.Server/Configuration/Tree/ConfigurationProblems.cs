namespace Rouse.Server;

/// <summary>Gathers what is wrong, so that everything is told at once.</summary>
internal sealed class ConfigurationProblems
{
    private readonly List<ConfigurationProblem> _found = [];

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public void Add(string path, string message, string source) => _found.Add(new ConfigurationProblem(path, message, source));

    public void ThrowIfAny()
    {
        if (_found.Count > 0)
        {
            throw new ConfigurationException([.. _found]);
        }
    }
}
