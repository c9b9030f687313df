using System.Text.Json;
using Rouse.Cli.Client;

namespace Rouse.Cli.Doctor;

/// <summary>Whether the server answers, lets us in and is ready, and which of its instances can be reached.</summary>
internal static class ServerCheck
{
    private const string What = "server";

    public static async Task<IReadOnlyList<Finding>> LookAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        using var client = new RouseClient(address);
        try
        {
            var health = await client.HealthAsync(cancellationToken);
            return [OfNode(address, health), .. OfInstances(health)];
        }
        catch (UnreachableException away)
        {
            return [new Finding(What, Health.Bad, away.Message), new Finding("instances", Health.Unknown, "the server knows, and does not answer")];
        }
        catch (ProblemException refused)
        {
            return [new Finding(What, Health.Bad, string.Join("; ", refused.Problem.Lines()))];
        }
    }

    private static Finding OfNode(ServerAddress address, JsonElement health)
    {
        var status = Text(health, "status") ?? "unknown";
        var journal = health.TryGetProperty("journal", out var of) ? Text(of, "reason") : null;
        return status == "ready"
            ? new Finding(What, Health.Well, $"ready at {address.At}")
            : new Finding(What, Health.Bad, $"{status} at {address.At}: {journal}", "see what the journal says: is the disk full, or the directory gone?");
    }

    private static IEnumerable<Finding> OfInstances(JsonElement health)
    {
        if (!health.TryGetProperty("instances", out var instances) || instances.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var instance in instances.EnumerateArray())
        {
            var what = $"instance {Text(instance, "name")}";
            yield return instance.TryGetProperty("up", out var up) && up.ValueKind == JsonValueKind.True
                ? new Finding(what, Health.Well, "up")
                : new Finding(what, Health.Bad, $"down since {Text(instance, "since") ?? "the start"}: {Text(instance, "reason") ?? "no reason is known"}",
                    "start it, or correct its address in rouse.json; work and wakes for it wait until it is back");
        }
    }

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
