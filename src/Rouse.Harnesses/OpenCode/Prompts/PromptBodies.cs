using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Prompts;

/// <summary>The body of a prompt. Storing it and running it send one and the same, so that the second changes nothing of the first.</summary>
internal static class PromptBodies
{
    /// <param name="newestTurn">What the session's newest turn ran with; a wake goes on with the same.</param>
    public static PromptBody Of(Prompt prompt, WireInfo? newestTurn)
    {
        // OpenCode would take its default agent, and with it other rules and another system text, for a prompt that names none.
        var before = prompt.IsWake ? newestTurn : null;
        var model = prompt.Model is { } name ? ModelName.Parse(name)?.ToWire() : Known(before?.Model);
        return new PromptBody
        {
            MessageId = MessageKey.MessageId(prompt.Key),
            Agent = prompt.Agent ?? before?.Agent,
            Model = model is null ? null : model with { Variant = null },
            Variant = prompt.Variant ?? (prompt.Model is null ? before?.Model?.Variant : null),
            System = prompt.System ?? before?.System,
            Parts =
            [
                new PromptPart
                {
                    Id = MessageKey.PartId(prompt.Key),
                    Text = prompt.Text,
                    Synthetic = prompt.IsWake ? true : null,
                    Metadata = new PartMetadata(new PartOrigin(prompt.Key)),
                },
            ],
        };
    }

    /// <summary>The newest message that asked for a turn of the session's own; compactions ask with another agent and model.</summary>
    public static WireInfo? NewestTurn(IEnumerable<WireMessage> messages) =>
        messages.LastOrDefault(m => m.Info?.Role == "user" && m.Parts?.Any(p => p.Type == "compaction") != true)?.Info;

    private static WireModel? Known(WireModel? model) => model is { ProviderId: not null, ModelId: not null } ? model : null;
}
