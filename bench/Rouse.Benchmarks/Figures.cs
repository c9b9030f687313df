namespace Rouse.Benchmarks;

/// <summary>Latencies in milliseconds, gathered from many threads.</summary>
internal sealed class Figures
{
    private readonly Lock _gate = new();
    private readonly List<double> _values = [];

    public void Add(TimeSpan value)
    {
        lock (_gate)
        {
            _values.Add(value.TotalMilliseconds);
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            _values.Sort();
            return $"p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms, max {At(1):0.00} ms";
        }
    }

    private double At(double share) => _values.Count == 0 ? double.NaN : _values[(int)Math.Min(_values.Count - 1, share * _values.Count)];
}
