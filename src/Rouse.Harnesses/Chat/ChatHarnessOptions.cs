using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Harnesses.Chat;

/// <summary>What a <see cref="ChatHarness"/> runs. Validated when the harness is made.</summary>
public sealed record ChatHarnessOptions
{
    /// <summary>The configured name of the instance, such as <c>chat@main</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>The agents by name. There is at least one.</summary>
    public required ImmutableSortedDictionary<string, ChatAgent> Agents { get; init; }

    /// <summary>The agent of a session that is opened without one. Null: the only agent there is, or else none.</summary>
    public string? DefaultAgent { get; init; }

    /// <summary>The models by name, <c>provider/model</c> or any other. There is at least one.</summary>
    public required ImmutableSortedDictionary<string, ChatModel> Models { get; init; }

    /// <summary>The model of an agent that names none. Null: the only model there is, or else every agent names its own.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>
    /// The directory of sessions that are created without one and without a parent; the harness hands it to tools and does nothing else with it.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>How long one model call may take. A call that takes longer ends its turn with a passing error.</summary>
    public TimeSpan ModelDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How often an agent may call tools in one turn. The model is then asked once more, without tools, and that answer is marked as truncated.
    /// </summary>
    public int MaxToolSteps { get; init; } = 50;

    /// <summary>How long an abort, and the disposal of the harness, wait for turns to end.</summary>
    public TimeSpan StopDeadline { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long one read or write of a conversation may take. One that takes longer counts as failed; whether it was stored is looked up.</summary>
    public TimeSpan StoreDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Handed to tools that resolve services.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>
    /// Says what a provider's own exception means; null from it leaves the judgement to the harness, which knows HTTP statuses, time-outs and
    /// broken connections.
    /// </summary>
    public Func<Exception, TaskError?>? ClassifyError { get; init; }

    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Instance), "instance", "is empty");
        Require(Agents.Count > 0, "agents", "is empty: name at least one agent");
        Require(Models.Count > 0, "models", "is empty: name at least one model");
        Require(ModelDeadline > TimeSpan.Zero, "modelDeadline", "must be longer than zero");
        Require(StopDeadline > TimeSpan.Zero, "stopDeadline", "must be longer than zero");
        Require(StoreDeadline > TimeSpan.Zero, "storeDeadline", "must be longer than zero");
        Require(MaxToolSteps > 0, "maxToolSteps", "must be at least 1");
        Require(
            DefaultAgent is null || Agents.ContainsKey(DefaultAgent), "defaultAgent", $"names '{DefaultAgent}'; there are: {Names(Agents.Keys)}");
        Require(
            DefaultModel is null || Models.ContainsKey(DefaultModel), "defaultModel", $"names '{DefaultModel}'; there are: {Names(Models.Keys)}");
        foreach (var (name, agent) in Agents)
        {
            var model = ModelOf(agent);
            Require(model is not null, $"agents.{name}.model", $"is missing, and there is no default model; there are: {Names(Models.Keys)}");
            Require(Models.ContainsKey(model!), $"agents.{name}.model", $"names '{model}'; there are: {Names(Models.Keys)}");
            var twice = agent.ToolNames.GroupBy(t => t, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any());
            Require(twice is null, $"agents.{name}.tools", $"holds two tools named '{twice?.Key}'");
        }
    }

    internal string? AgentOrDefault(string? agent) => agent ?? DefaultAgent ?? (Agents.Count == 1 ? Agents.Keys.First() : null);

    internal string? ModelOf(ChatAgent agent) => agent.Model ?? DefaultModel ?? (Models.Count == 1 ? Models.Keys.First() : null);

    internal static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private static void Require(bool holds, string path, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"Chat harness options: '{path}' {what}.", path);
        }
    }
}
