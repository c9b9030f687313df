namespace Rouse.ScriptedModel.Scripts;

/// <summary>One thing that a script tells the model to do.</summary>
internal abstract record Directive
{
    private Directive()
    {
    }

    /// <summary><c>SAY:text</c> answers with text; <c>\n</c> in it is a line break.</summary>
    public sealed record Say(string Text) : Directive;

    /// <summary><c>REASON:text</c> answers with reasoning.</summary>
    public sealed record Reason(string Text) : Directive;

    /// <summary><c>TOOL:name:{json}</c> calls a tool; several in one step are parallel calls.</summary>
    public sealed record Tool(string Name, string Arguments) : Directive;

    /// <summary><c>DRIP:ms:n</c> answers with n pieces of text, so many milliseconds apart.</summary>
    public sealed record Drip(TimeSpan Interval, int Pieces) : Directive;

    /// <summary><c>SLOW:ms</c> waits.</summary>
    public sealed record Slow(TimeSpan Wait) : Directive;

    /// <summary><c>GATE:name</c> waits until the test opens the gate of that name.</summary>
    public sealed record Gate(string Name) : Directive;

    /// <summary>
    /// <c>ERR:status:message</c> answers with an HTTP error, with the <c>RETRY-AFTER:seconds</c> line before it if there is one.
    /// </summary>
    public sealed record Error(int Status, string Message, string? RetryAfter) : Directive;

    /// <summary><c>DROP</c> cuts the connection.</summary>
    public sealed record Drop : Directive;

    /// <summary><c>HANG</c> never answers further.</summary>
    public sealed record Hang : Directive;
}
