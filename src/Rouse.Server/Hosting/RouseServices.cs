using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Rouse.Engine;

namespace Rouse.Server;

/// <summary>Puts a node into any .NET host.</summary>
public static class RouseServices
{
    /// <summary>Adds a node that starts and stops with the host, and <see cref="IBackgroundAgents"/> to use it.</summary>
    public static IServiceCollection AddRouse(this IServiceCollection services, Action<RouseOptions> configure)
    {
        var options = new RouseOptions();
        configure(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<RouseNode>();
        services.AddHostedService(s => s.GetRequiredService<RouseNode>());

        // Asked for late: the node's harnesses may want the agents that the node gives.
        services.TryAddSingleton(s => s.GetRequiredService<RouseNode>().Journal as ITranscripts
            ?? throw new InvalidOperationException("The journal keeps no transcripts, or is not open yet."));
        services.TryAddSingleton<IBackgroundAgents>(s => new NodeAgents(s.GetRequiredService<RouseNode>));
        return services;
    }

    /// <summary>Adds a node as it is configured; <paramref name="change"/> has the last word.</summary>
    public static IServiceCollection AddRouse(this IServiceCollection services, RouseSettings settings, Action<RouseOptions>? change = null) =>
        services.AddRouse(options =>
        {
            options.Data = settings.Data;
            options.Engine = settings.Engine;
            foreach (var instance in settings.Instances)
            {
                options.Harnesses.Add(s => HarnessFactory.Create(instance, settings, s));
            }

            change?.Invoke(options);
        });
}
