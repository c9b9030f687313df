namespace Rouse.ScriptedModel.Calls;

/// <summary>One call of a model as it stands at one moment. It does not change: look at the server's calls again for news.</summary>
public sealed record ModelCall
{
    /// <summary>Numbered from 1 in order of arrival.</summary>
    public int Number { get; init; }

    public required string Model { get; init; }

    public required ModelCallKind Kind { get; init; }

    /// <summary>
    /// The model's earlier answers to the last user message: 0 for the first call, 1 after its tool calls have run, and so on.
    /// </summary>
    public required int Step { get; init; }

    public required IReadOnlyList<ModelMessage> Messages { get; init; }

    /// <summary>The names of the tools that were offered.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public ModelCallState State { get; init; }

    /// <summary>The gate that the call waits at now; null when it waits at none.</summary>
    public string? WaitingAt { get; init; }

    /// <summary>The text of the last user message; empty when there is none.</summary>
    public string LastUserText => Messages.LastOrDefault(m => m.Role == "user")?.Text ?? "";

    /// <summary>A line for a failed test's story.</summary>
    public override string ToString()
    {
        var text = LastUserText.ReplaceLineEndings(" | ");
        var place = WaitingAt is null ? "" : $" at gate {WaitingAt}";
        return $"#{Number} {Model} {Kind} step {Step} {State}{place}: {text[..Math.Min(text.Length, 120)]}";
    }
}
