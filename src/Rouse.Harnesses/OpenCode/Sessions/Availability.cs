using Rouse.Core;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Sessions;

/// <summary>
/// Whether an agent and a model exist, asked before they are used: OpenCode takes a prompt with an unknown one and fails later, for an agent even
/// without the session ever looking busy.
/// </summary>
internal sealed class Availability(OpenCodeClient client)
{
    private const int MostNamed = 30;

    /// <returns>What is wrong, or else the failure to find out; both null when both exist.</returns>
    public async ValueTask<(TaskError? Error, CallFailure? Failure)> CheckAsync(string? agent, string? model, string? directory, Deadline deadline)
    {
        if (agent is not null)
        {
            var agents = await client.GetAsync(Paths.Agents(directory), WireJson.Default.ListWireAgent, deadline);
            if (!agents.TryGet(out var known, out var failure))
            {
                return (null, failure);
            }

            if (known.All(a => a.Name != agent))
            {
                return (new TaskError(FailureClass.Request, "unknown-agent", $"OpenCode knows no agent '{agent}'. {AgentsOf(known)}"), null);
            }
        }

        if (model is not null)
        {
            var providers = await client.GetAsync(Paths.Providers(directory), WireJson.Default.WireProviders, deadline);
            if (!providers.TryGet(out var known, out var failure))
            {
                return (null, failure);
            }

            return (Judge(model, known), null);
        }

        return (null, null);
    }

    internal static TaskError? Judge(string model, WireProviders known)
    {
        if (ModelName.Parse(model) is not { } name)
        {
            return Unknown($"'{model}' is not of the form provider/model.");
        }

        var provider = known.Providers?.FirstOrDefault(p => p.Id == name.Provider);
        if (provider is null)
        {
            return Unknown($"OpenCode has no provider '{name.Provider}'. Connected: {Listed(known.Providers?.Select(p => p.Id))}.");
        }

        return provider.Models?.ContainsKey(name.Model) == true
            ? null
            : Unknown($"The provider '{name.Provider}' has no model '{name.Model}'. Available: {Listed(provider.Models?.Keys)}.");
    }

    private static TaskError Unknown(string message) => new(FailureClass.Provider, "unknown-model", message);

    private static string AgentsOf(List<WireAgent> agents) => $"Available: {Listed(agents.Where(a => a.Hidden != true).Select(a => a.Name))}.";

    private static string Listed(IEnumerable<string?>? names)
    {
        var all = names?.OfType<string>().Order(StringComparer.Ordinal).ToList() ?? [];
        var shown = string.Join(", ", all.Take(MostNamed));
        return all.Count switch
        {
            0 => "none",
            > MostNamed => $"{shown} and {all.Count - MostNamed} more",
            _ => shown,
        };
    }
}
