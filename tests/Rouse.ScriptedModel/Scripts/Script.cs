using System.Text.RegularExpressions;

namespace Rouse.ScriptedModel.Scripts;

/// <summary>
/// What a model is told to do: steps of directives. The k-th call after a user message plays step k; past the last one it says "done".
/// Only a line whose first characters are a directive counts, so prose, quotes and indented text around it mean nothing.
/// </summary>
internal sealed partial class Script
{
    private static readonly IReadOnlyList<Directive> s_done = [new Directive.Say("done")];

    private readonly List<List<Directive>> _steps = [[]];

    private Script()
    {
    }

    public bool IsEmpty => _steps.TrueForAll(s => s.Count == 0);

    public IReadOnlyList<Directive> Step(int number) => number < _steps.Count ? _steps[number] : s_done;

    /// <exception cref="ScriptException">A line starts like a directive but its arguments make no sense, or an error follows an
    /// answer.</exception>
    public static Script Parse(string text)
    {
        var script = new Script();
        string? retryAfter = null;
        foreach (var line in text.Split('\n'))
        {
            var match = DirectiveLine().Match(line.TrimEnd('\r'));
            var arguments = match.Groups["arguments"].Value;
            switch (match.Groups["name"].Value)
            {
                case "":
                    break;
                case "NEXT":
                    script._steps.Add([]);
                    break;
                case "RETRY-AFTER":
                    retryAfter = arguments;
                    break;
                case "ERR":
                    script.Add(DirectiveReader.Error(arguments, retryAfter));
                    retryAfter = null;
                    break;
                case var name:
                    script.Add(DirectiveReader.Read(name, arguments));
                    break;
            }
        }

        return script;
    }

    private void Add(Directive directive)
    {
        var step = _steps[^1];
        if (directive is Directive.Error && step.Exists(d => d is Directive.Say or Directive.Reason or Directive.Tool or Directive.Drip))
        {
            throw new ScriptException("ERR cannot follow an answer in the same step: its status has been sent. Put NEXT before it, or DROP.");
        }

        step.Add(directive);
    }

    [GeneratedRegex(
        @"^(?<name>SAY|SLOW|DRIP|REASON|TOOL|ERR|RETRY-AFTER|DROP|HANG|GATE|NEXT)(:(?<arguments>.*))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex DirectiveLine();
}
