using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rouse.Cli.Output;

/// <summary>
/// Where the program writes. What is put in between the words of a line is untrusted and is made harmless here, once for all commands.
/// </summary>
/// <remarks>Plain when the output is redirected, when NO_COLOR is set, or on a terminal that can do nothing: no colours, no wrapping.</remarks>
internal sealed class Screen
{
    private const int NoWrapping = 100_000;
    private readonly TextWriter _out;
    private readonly TextWriter _error;
    private readonly StringBuilder? _buffer;

    private Screen(TextWriter output, TextWriter error, bool plain)
    {
        _out = output;
        _error = error;
        IsPlain = plain;
        if (plain)
        {
            _buffer = new StringBuilder();
            Console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(new StringWriter(_buffer, CultureInfo.InvariantCulture)),
            });
            Console.Profile.Width = NoWrapping;
        }
        else
        {
            Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        }
    }

    public bool IsPlain { get; }

    /// <summary>For live displays; only where the screen is not plain.</summary>
    public IAnsiConsole Console { get; }

    public static Screen OnTerminal() =>
        new(
            System.Console.Out,
            System.Console.Error,
            System.Console.IsOutputRedirected
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("TERM") == "dumb");

    public static Screen Plain(TextWriter output, TextWriter error) => new(output, error, plain: true);

    /// <summary>A line in Spectre's markup; what is interpolated is shown as text and made harmless.</summary>
    public void Line(FormattableString markup) => Render(new Rows(Safe(markup)));

    public void Line() => _out.WriteLine();

    /// <summary>A table without lines around it: the headings, and a cell for each in every row.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<FormattableString[]> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = headings.Any(h => h.Length > 0) };
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, IsPlain ? Style.Plain : new Style(decoration: Decoration.Dim)))
            {
                Padding = new Padding(0, 0, 2, 0), NoWrap = IsPlain,
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(Safe));
        }

        Render(table);
    }

    /// <summary>A text of any length as it is, but for what could harm.</summary>
    public void Text(string text) => Ended(_out, Harmless.Lines(text));

    /// <summary>A text byte by byte.</summary>
    public void Raw(string text) => _out.Write(text);

    public void Json(string json) => Ended(_out, Harmless.Json(json));

    public void ErrorJson(string json) => Ended(_error, Harmless.Json(json));

    public void Error(string message) => _error.WriteLine($"rouse: {Harmless.Line(message)}");

    /// <summary>What should not have happened, with all that helps to mend it.</summary>
    public void Defect(Exception defect) => Ended(_error, $"rouse: this is a defect of rouse; please report it: {Harmless.Lines(defect.ToString())}");

    /// <summary>Something to know that is no result.</summary>
    public void Hint(string message) => _error.WriteLine(Harmless.Line(message));

    private static Markup Safe(FormattableString markup) => new(Escaped(markup));

    private static string Escaped(FormattableString markup)
    {
        var arguments = markup.GetArguments().Select(object (a) =>
            a is FormattableString inner ? Escaped(inner) : Markup.Escape(Harmless.Line(Convert.ToString(a, CultureInfo.InvariantCulture) ?? "")));
        return string.Format(CultureInfo.InvariantCulture, markup.Format, [.. arguments]);
    }

    private static void Ended(TextWriter writer, string text)
    {
        writer.Write(text);
        if (!text.EndsWith('\n'))
        {
            writer.WriteLine();
        }
    }

    private void Render(IRenderable what)
    {
        Console.Write(what);
        if (_buffer is null)
        {
            return;
        }

        // Tables pad their last column: nobody wants that in a file.
        var text = new StringBuilder();
        foreach (var line in _buffer.ToString().ReplaceLineEndings("\n").Split('\n')[..^1])
        {
            text.Append(line.TrimEnd()).Append('\n');
        }

        _buffer.Clear();
        _out.Write(text.ToString());
    }
}
