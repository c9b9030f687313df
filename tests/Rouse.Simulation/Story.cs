using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Rouse.Simulation;

/// <summary>
/// What happened in a simulated world, with times: a failing test tells it. Most runs go well and nobody reads their story, so that one
/// that is not listened to costs nothing.
/// </summary>
public sealed class Story(TimeProvider time, bool isTold = true)
{
    private const int Most = 400;
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly List<string> _lines = [];

    /// <summary>Whether what happens is written down.</summary>
    public bool IsTold => isTold;

    /// <summary>Defects that were logged rather than thrown.</summary>
    public List<string> Defects { get; } = [];

    public void Tell([InterpolatedStringHandlerArgument("")] ref Line line)
    {
        if (isTold)
        {
            Write(line.ToStringAndClear());
        }
    }

    public void Tell(string what)
    {
        if (isTold)
        {
            Write(what);
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        if (_lines.Count > Most)
        {
            text.Append(CultureInfo.InvariantCulture, $"... {_lines.Count - Most} earlier lines\n");
        }

        return text.AppendJoin('\n', _lines.TakeLast(Most)).ToString();
    }

    private void Write(string what) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(time.GetUtcNow() - _start).TotalSeconds,12:0.000}  {what}"));

    /// <summary>A line that is formatted only when somebody listens.</summary>
    [InterpolatedStringHandler]
    public ref struct Line
    {
        private DefaultInterpolatedStringHandler _text;

        public Line(int literals, int holes, Story story, out bool isTold)
        {
            isTold = story.IsTold;
            _text = isTold ? new DefaultInterpolatedStringHandler(literals, holes, CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public void AppendFormatted(object? value) => _text.AppendFormatted(value);

        public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

        internal string ToStringAndClear() => _text.ToStringAndClear();
    }
}
