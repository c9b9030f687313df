using System.Collections;

namespace Rouse.Cli.Output;

/// <summary>Names and what is known under them, one a line; what is not known is left out.</summary>
internal sealed class Facts : IEnumerable<KeyValuePair<string, FormattableString>>
{
    private readonly List<KeyValuePair<string, FormattableString>> _facts = [];

    /// <param name="text">Shown as it is; null is left out.</param>
    public void Add(string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            _facts.Add(new(name, $"{text}"));
        }
    }

    /// <param name="markup">What stands behind the text, in Spectre's markup.</param>
    public void Add(string name, string text, FormattableString markup) => _facts.Add(new(name, $"{text}  {markup}"));

    public void Write(Screen screen) => screen.Table(["", ""], _facts.Select(f => (FormattableString[])[$"[grey]{f.Key}[/]", f.Value]));

    public IEnumerator<KeyValuePair<string, FormattableString>> GetEnumerator() => _facts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
