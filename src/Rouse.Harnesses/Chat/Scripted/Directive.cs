namespace Rouse.Harnesses.Chat.Scripted;

/// <summary>One thing that a script has the model do.</summary>
internal abstract record Directive
{
    private Directive()
    {
    }

    public sealed record Say(string Text) : Directive;

    public sealed record Slow(TimeSpan Time) : Directive;

    /// <param name="Arguments">A JSON object.</param>
    public sealed record Tool(string Name, string Arguments) : Directive;

    public sealed record Fail(int Status, string Message) : Directive;

    public sealed record Hang : Directive;
}
