using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Harnesses.Chat.Conversations;
using Rouse.Harnesses.Chat.Delegation;
using Rouse.Harnesses.Chat.Tools;

namespace Rouse.Harnesses.Chat.Turns;

/// <summary>What a turn runs with: read from the conversation, so that a turn that is continued runs with the same.</summary>
internal sealed record TurnSettings(string Agent, string Model, ChatModel Client, IReadOnlyList<string?> Instructions, IReadOnlyList<AIFunction> Tools)
{
    /// <summary>Null with an error when the agent or the model does not exist.</summary>
    public static TurnSettings? Resolve(ChatHarnessOptions options, DelegationTools delegation, Conversation conversation, out TaskError? error)
    {
        error = Check(options, conversation.Agent, conversation.Model);
        if (error is not null)
        {
            return null;
        }

        var agent = options.Agents[conversation.Agent];
        var model = conversation.Model ?? options.ModelOf(agent)!;
        IEnumerable<AIFunction> tools = agent.MayDelegate ? agent.Tools.Concat(delegation.Of(conversation.Session)) : agent.Tools;
        return new TurnSettings(
            conversation.Agent, model, options.Models[model], [agent.Instructions, conversation.System],
            [.. tools.Where(t => ToolRights.Allows(t.Name, conversation.Head.Permissions, conversation.Head.Tools, conversation.Tools))]);
    }

    /// <summary>Says which of them does not exist, and what does.</summary>
    /// <param name="model">Null for the agent's own.</param>
    public static TaskError? Check(ChatHarnessOptions options, string agent, string? model)
    {
        if (!options.Agents.ContainsKey(agent))
        {
            return new TaskError(
                FailureClass.Request, "unknown-agent", $"{options.Instance} has no agent '{agent}'; it has: {ChatHarnessOptions.Names(options.Agents.Keys)}.");
        }

        return model is null || options.Models.ContainsKey(model)
            ? null
            : new TaskError(
                FailureClass.Provider, "unknown-model", $"{options.Instance} has no model '{model}'; it has: {ChatHarnessOptions.Names(options.Models.Keys)}.");
    }
}
