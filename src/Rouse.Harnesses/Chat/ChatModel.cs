using Microsoft.Extensions.AI;

namespace Rouse.Harnesses.Chat;

/// <summary>A model that agents can run with.</summary>
/// <param name="Client">
/// Called by several sessions at once. The harness does not dispose it, and runs the tools itself: leave function invocation out of its pipeline.
/// </param>
public sealed record ChatModel(IChatClient Client)
{
    /// <summary>What every call of it starts from, such as a temperature; the messages and tools are the harness's.</summary>
    public ChatOptions? Defaults { get; init; }

    /// <summary>Whether its answers say how many tokens they used. Budgets can be kept only where every model of the instance does.</summary>
    public bool ReportsUsage { get; init; } = true;
}
