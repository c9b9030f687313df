namespace Rouse.Simulation;

/// <summary>
/// Draws that depend on what they are for, and not on what was drawn before: so that a plan from which a piece was taken away draws the rest
/// as it did. SplitMix64 over a seed and a name.
/// </summary>
public sealed class Draw
{
    private ulong _state;

    private Draw(ulong state) => _state = state;

    public static Draw For(int seed, string what, long number = 0)
    {
        var hash = 14695981039346656037 ^ (ulong)seed;
        foreach (var c in what)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return new Draw((hash ^ (ulong)number) * 0x9E3779B97F4A7C15);
    }

    /// <summary>From 0 and below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>From 0 and below 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    public TimeSpan Seconds(double most) => TimeSpan.FromMilliseconds(Math.Floor(Unit() * most * 1000));

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
