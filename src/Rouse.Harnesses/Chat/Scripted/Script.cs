using System.Globalization;
using System.Text.Json;

namespace Rouse.Harnesses.Chat.Scripted;

/// <summary>What a scripted model answers: sections chosen by the last user message, each with a step for every model call after it.</summary>
internal sealed class Script
{
    private readonly List<Section> _sections;

    private Script(List<Section> sections) => _sections = sections;

    /// <summary>Reads a script that was written as one.</summary>
    /// <exception cref="FormatException">A line is neither a directive nor empty nor a comment.</exception>
    public static Script Parse(string text)
    {
        var sections = new List<Section> { new(When: null) };
        foreach (var (line, number) in Lines(text))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (Argument(line, "ON") is { } when)
            {
                sections.Add(new Section(when));
            }
            else if (!sections[^1].TryAdd(line, number))
            {
                throw new FormatException(
                    $"Line {number} of the script is no directive: '{line}'. There are SAY, SLOW, TOOL, ERR, HANG, NEXT and ON; a comment starts with '#'.");
            }
        }

        return new Script([.. sections.Where(s => s.HasDirectives)]);
    }

    /// <summary>Reads the directives among the lines of a message; what else it says is not the model's affair.</summary>
    /// <exception cref="FormatException">A directive has a value that cannot be read.</exception>
    public static Script InMessage(string text)
    {
        var section = new Section(When: null);
        foreach (var (line, number) in Lines(text))
        {
            section.TryAdd(line, number);
        }

        return new Script(section.HasDirectives ? [section] : []);
    }

    /// <summary>The first section whose condition the message fulfils, or else the one without a condition; null when there is none.</summary>
    public IReadOnlyList<IReadOnlyList<Directive>>? StepsFor(string message) =>
        (_sections.Find(s => s.When is { } when && message.Contains(when, StringComparison.Ordinal)) ?? _sections.Find(s => s.When is null))?.Steps;

    private static IEnumerable<(string Line, int Number)> Lines(string text) => text.Split('\n').Select((l, i) => (l.Trim(), i + 1));

    // "SAY" and "SAY:" both have an empty argument; "SAYING" is another word.
    private static string? Argument(string line, string name) =>
        !line.StartsWith(name, StringComparison.Ordinal) ? null
        : line.Length == name.Length ? ""
        : line[name.Length] == ':' ? line[(name.Length + 1)..]
        : null;

    private sealed record Section(string? When)
    {
        private readonly List<List<Directive>> _steps = [[]];

        public IReadOnlyList<IReadOnlyList<Directive>> Steps => _steps;

        public bool HasDirectives => _steps.Count > 1 || _steps[0].Count > 0;

        public bool TryAdd(string line, int number)
        {
            if (Argument(line, "NEXT") is not null)
            {
                _steps.Add([]);
                return true;
            }

            if (Read(line, number) is not { } directive)
            {
                return false;
            }

            _steps[^1].Add(directive);
            return true;
        }

        private static Directive? Read(string line, int number) =>
            Argument(line, "SAY") is { } text ? new Directive.Say(text.Replace("\\n", "\n", StringComparison.Ordinal))
            : Argument(line, "SLOW") is { } time ? new Directive.Slow(TimeSpan.FromMilliseconds(Whole(time, line, number)))
            : Argument(line, "TOOL") is { } call ? Tool(call, line, number)
            : Argument(line, "ERR") is { } error ? Fail(error, line, number)
            : Argument(line, "HANG") is not null ? new Directive.Hang()
            : null;

        private static Directive.Tool Tool(string call, string line, int number)
        {
            var (name, arguments) = Cut(call);
            try
            {
                using var json = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
                return name.Length > 0 && json.RootElement.ValueKind is JsonValueKind.Object
                    ? new Directive.Tool(name, json.RootElement.GetRawText())
                    : throw Unreadable(line, number, "TOOL:name:{\"argument\": ...}");
            }
            catch (JsonException)
            {
                throw Unreadable(line, number, "TOOL:name:{\"argument\": ...}");
            }
        }

        private static Directive.Fail Fail(string error, string line, int number)
        {
            var (status, message) = Cut(error);
            return Whole(status, line, number) is >= 400 and < 600 and var code
                ? new Directive.Fail(code, message.Length > 0 ? message : "scripted failure")
                : throw Unreadable(line, number, "ERR:status:message with a status from 400 to 599");
        }

        private static (string Before, string After) Cut(string text) =>
            text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var cut ? (text[..cut].Trim(), text[(cut + 1)..].Trim()) : (text.Trim(), "");

        private static int Whole(string text, string line, int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable(line, number, "a whole number");

        private static FormatException Unreadable(string line, int number, string expected) =>
            new($"Line {number} of the script cannot be read: '{line}'. Expected {expected}.");
    }
}
