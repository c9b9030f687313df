using System.Collections.Immutable;
using Rouse.Harnesses.Chat.Scripted;

namespace Rouse.Server;

/// <summary>The chat harness, whose sessions run inside Rouse.</summary>
public sealed record ChatInstance(string Name) : InstanceSettings(Name)
{
    internal const string Kind = "chat";

    /// <summary>By name; at least one.</summary>
    public ImmutableSortedDictionary<string, ChatModelSettings> Models { get; init; } = ImmutableSortedDictionary<string, ChatModelSettings>.Empty;

    /// <summary>By name; at least one.</summary>
    public ImmutableSortedDictionary<string, ChatAgentSettings> Agents { get; init; } = ImmutableSortedDictionary<string, ChatAgentSettings>.Empty;

    /// <summary>The agent of sessions that name none; null for the only one there is.</summary>
    public string? DefaultAgent { get; init; }

    /// <summary>The model of agents that name none; null for the only one there is.</summary>
    public string? DefaultModel { get; init; }

    public string? Directory { get; init; }

    public TimeSpan ModelDeadline { get; init; } = TimeSpan.FromMinutes(10);

    public int MaxToolSteps { get; init; } = 50;

    internal static ChatInstance Read(string name, SectionReader section)
    {
        var instance = new ChatInstance(name)
        {
            Models = ReadEach(section, "models", ChatModelSettings.Read),
            Agents = ReadEach(section, "agents", ChatAgentSettings.Read),
            DefaultAgent = section.Text("defaultAgent"),
            DefaultModel = section.Text("defaultModel"),
            Directory = section.FilePath("directory"),
            ModelDeadline = section.Duration("modelDeadline", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            MaxToolSteps = section.Integer("maxToolSteps", 50, 1, 10_000),
        };
        return instance.Check(section);
    }

    private static ImmutableSortedDictionary<string, T> ReadEach<T>(SectionReader parent, string key, Func<SectionReader, T> read)
    {
        var section = parent.Section(key);
        return section.Names.ToImmutableSortedDictionary(name => name, name => read(section.Section(name)), StringComparer.Ordinal);
    }

    private ChatInstance Check(SectionReader section)
    {
        if (Models.IsEmpty)
        {
            section.Problem("models", "must name at least one model");
        }

        // One agent without instructions is what a chat is when nothing is said about agents.
        var agents = Agents.IsEmpty ? Agents.Add("assistant", new ChatAgentSettings()) : Agents;
        CheckName(section, "defaultAgent", DefaultAgent, agents.Keys);
        CheckName(section, "defaultModel", DefaultModel, Models.Keys);
        foreach (var (name, agent) in agents)
        {
            CheckName(section, $"agents.{name}.model", agent.Model, Models.Keys);
            if (agent.Model is null && DefaultModel is null && Models.Count > 1)
            {
                section.Problem($"agents.{name}.model", $"is missing, and there is no defaultModel; there are: {string.Join(", ", Models.Keys)}");
            }
        }

        return this with { Agents = agents };
    }

    private static void CheckName(SectionReader section, string key, string? name, IEnumerable<string> known)
    {
        if (name is not null && !known.Contains(name, StringComparer.Ordinal))
        {
            section.Problem(key, $"names '{name}'; there are: {string.Join(", ", known)}");
        }
    }
}

/// <summary>One agent of the chat harness.</summary>
public sealed record ChatAgentSettings
{
    public string Instructions { get; init; } = "";

    public string? Model { get; init; }

    public bool MayDelegate { get; init; }

    internal static ChatAgentSettings Read(SectionReader section)
    {
        var agent = new ChatAgentSettings
        {
            Instructions = section.Text("instructions") ?? "",
            Model = section.Text("model"),
            MayDelegate = section.Flag("mayDelegate", fallback: false),
        };
        section.End();
        return agent;
    }
}

/// <summary>One model of the chat harness: a script that says what it answers. Models of providers are added by the library.</summary>
/// <param name="Script">The text of the script; null for a model that follows the directives of the prompt itself.</param>
public sealed record ChatModelSettings(string? Script)
{
    internal static ChatModelSettings Read(SectionReader section)
    {
        var script = section.FileText("script");
        section.End();
        try
        {
            using var check = new ScriptedChatClient(TimeProvider.System, script);
        }
        catch (FormatException e)
        {
            section.Problem("script", e.Message);
        }

        return new ChatModelSettings(script);
    }
}
