using Rouse.ScriptedModel.Calls;

namespace Rouse.ScriptedModel.Wire;

/// <summary>A call of a model, whatever wire it came by.</summary>
internal sealed record ModelRequest(string Model, bool Streams, IReadOnlyList<ModelMessage> Messages, IReadOnlyList<string> Tools)
{
    /// <summary>Harnesses ask a small model for a session's title, in the words of their own title agent.</summary>
    public bool AsksForTitle =>
        Messages.Any(m => m.Role == "system" && m.Text.Contains("title generator", StringComparison.OrdinalIgnoreCase));

    /// <summary>The model's answers after the last user message. Neighbouring assistant items are one answer in several pieces.</summary>
    public int Step
    {
        get
        {
            var answers = 0;
            for (var i = Messages.Count - 1; i >= 0 && Messages[i].Role != "user"; i--)
            {
                if (Messages[i].Role == "assistant" && (i == 0 || Messages[i - 1].Role != "assistant"))
                {
                    answers++;
                }
            }

            return answers;
        }
    }
}
