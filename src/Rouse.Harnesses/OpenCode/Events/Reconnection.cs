namespace Rouse.Harnesses.OpenCode.Events;

/// <summary>How long to wait before the next connection: 1, 2, 5, then 10 s, give or take a fifth, so that many clients do not come at once.</summary>
internal sealed class Reconnection(Random random)
{
    private static readonly TimeSpan[] Steps =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)];

    private int _failures;

    public TimeSpan Next()
    {
        var step = Steps[Math.Min(_failures, Steps.Length - 1)];
        _failures++;
        return step * (0.8 + (0.4 * random.NextDouble()));
    }

    /// <summary>Only what came over a connection shows that it is good: a server that accepts and drops at once must not be asked every second.</summary>
    public void Reset() => _failures = 0;
}
