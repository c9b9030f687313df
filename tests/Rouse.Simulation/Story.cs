using System.Globalization;
using System.Text;

namespace Rouse.Simulation;

/// <summary>What happened in a simulated world, with times: a failing test tells it.</summary>
public sealed class Story(TimeProvider time)
{
    private const int Most = 400;
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly List<string> _lines = [];

    /// <summary>Defects that were logged rather than thrown.</summary>
    public List<string> Defects { get; } = [];

    public void Tell(string what) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(time.GetUtcNow() - _start).TotalSeconds,12:0.000}  {what}"));

    public override string ToString()
    {
        var text = new StringBuilder();
        if (_lines.Count > Most)
        {
            text.Append(CultureInfo.InvariantCulture, $"... {_lines.Count - Most} earlier lines\n");
        }

        return text.AppendJoin('\n', _lines.TakeLast(Most)).ToString();
    }
}
