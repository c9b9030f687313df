namespace Rouse.Conformance.Harnesses.Grades;

/// <summary>Remembers what was run on one world, so that a check and the grade that is made of it are one run.</summary>
/// <remarks>Not thread-safe: the tests of a class run one after another.</remarks>
public sealed class Proofs
{
    private readonly Dictionary<string, Task> _runs = new(StringComparer.Ordinal);

    /// <summary>Runs it at the first call of this name; later ones get the same outcome, and the same exception.</summary>
    public async Task<T> OnceAsync<T>(string name, Func<Task<T>> run)
    {
        if (!_runs.TryGetValue(name, out var known))
        {
            _runs[name] = known = run();
        }

        return await (Task<T>)known;
    }
}
