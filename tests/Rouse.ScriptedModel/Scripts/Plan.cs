using Rouse.ScriptedModel.Calls;
using Rouse.ScriptedModel.Wire;

namespace Rouse.ScriptedModel.Scripts;

/// <summary>How one call will be answered.</summary>
internal sealed record Plan(ModelCallKind Kind, IReadOnlyList<Directive> Step)
{
    private const int EchoedCharacters = 200;

    public static Plan Title { get; } = new(ModelCallKind.Title, [new Directive.Say("Title")]);

    /// <param name="script">The text to read directives from.</param>
    /// <param name="echoed">The text to say back when the script has none.</param>
    public static Plan For(ModelRequest request, string script, string echoed)
    {
        try
        {
            var parsed = Script.Parse(script);
            return parsed.IsEmpty
                ? new Plan(ModelCallKind.Echo, [new Directive.Say($"ECHO: {echoed[..Math.Min(echoed.Length, EchoedCharacters)]}")])
                : new Plan(ModelCallKind.Script, parsed.Step(request.Step));
        }
        catch (ScriptException exception)
        {
            var mistake = new Directive.Error(400, $"The script cannot be played. {exception.Message}", RetryAfter: null);
            return new Plan(ModelCallKind.Script, [mistake]);
        }
    }
}
