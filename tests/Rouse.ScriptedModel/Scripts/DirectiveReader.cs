using System.Globalization;
using System.Text.Json;

namespace Rouse.ScriptedModel.Scripts;

/// <summary>Reads the arguments of a directive.</summary>
internal static class DirectiveReader
{
    public static Directive Read(string name, string arguments) => name switch
    {
        "SAY" => new Directive.Say(arguments.Replace("\\n", "\n", StringComparison.Ordinal)),
        "REASON" => new Directive.Reason(arguments),
        "TOOL" => Tool(arguments),
        "DRIP" => Drip(arguments),
        "SLOW" => new Directive.Slow(Milliseconds(name, arguments)),
        "GATE" when arguments.Length > 0 => new Directive.Gate(arguments.Trim()),
        "DROP" => new Directive.Drop(),
        "HANG" => new Directive.Hang(),
        _ => throw new ScriptException($"{name} needs an argument, such as {name}:name."),
    };

    public static Directive.Error Error(string arguments, string? retryAfter)
    {
        var (status, message) = Halves(arguments);
        var number = Number("ERR", status);
        return new Directive.Error(number, message.Length > 0 ? message : $"scripted error {number}", retryAfter?.Trim());
    }

    private static Directive.Tool Tool(string arguments)
    {
        var (name, json) = Halves(arguments);
        try
        {
            using var parsed = JsonDocument.Parse(json.Length > 0 ? json : "{}");
            return new Directive.Tool(name, parsed.RootElement.GetRawText());
        }
        catch (JsonException exception)
        {
            throw new ScriptException($"The arguments of TOOL:{name} are no JSON: {exception.Message}");
        }
    }

    private static Directive.Drip Drip(string arguments)
    {
        var (interval, pieces) = Halves(arguments);
        return new Directive.Drip(Milliseconds("DRIP", interval), Number("DRIP", pieces));
    }

    private static TimeSpan Milliseconds(string name, string text) => TimeSpan.FromMilliseconds(Number(name, text));

    private static int Number(string name, string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ScriptException($"{name} needs a whole number, not '{text}'.");

    private static (string Head, string Tail) Halves(string arguments)
    {
        var colon = arguments.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (arguments.Trim(), "") : (arguments[..colon].Trim(), arguments[(colon + 1)..]);
    }
}
