using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rouse.Engine;
using Rouse.Harnesses.Chat;
using Rouse.Harnesses.Chat.Scripted;
using Rouse.Harnesses.OpenCode;

namespace Rouse.Server;

/// <summary>Makes the adapter for an instance as it is configured.</summary>
internal static class HarnessFactory
{
    /// <exception cref="ConfigurationException">The adapter does not accept its options.</exception>
    public static IHarness Create(InstanceSettings instance, RouseSettings settings, IServiceProvider services)
    {
        try
        {
            return instance switch
            {
                OpenCodeInstance openCode => OpenCode(openCode, settings, services),
                ChatInstance chat => Chat(chat, services),
                _ => throw new InvalidOperationException($"There is no adapter for {instance.GetType().Name}."),
            };
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException([new ConfigurationProblem($"instances.{instance.Name}", e.Message, settings.File ?? "the configuration")]);
        }
    }

    private static OpenCodeHarness OpenCode(OpenCodeInstance instance, RouseSettings settings, IServiceProvider services)
    {
        var options = new OpenCodeOptions
        {
            Instance = instance.Name,
            Url = instance.Url,
            User = instance.Username,
            Password = instance.Password?.Reveal(),
            Directory = instance.Directory,
            Server = instance.Command is { } command
                ? new ManagedServerOptions
                {
                    Command = command,
                    Directory = instance.Directory!,
                    DataDirectory = instance.DataDirectory ?? Path.Combine(settings.Data, "instances", instance.Name),
                    PassEnvironment = instance.Environment,
                }
                : null,
        };
        return new OpenCodeHarness(options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger<OpenCodeHarness>());
    }

    private static ChatHarness Chat(ChatInstance instance, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var options = new ChatHarnessOptions
        {
            Instance = instance.Name,
            Agents = instance.Agents.ToImmutableSortedDictionary(
                a => a.Key, a => new ChatAgent { Instructions = a.Value.Instructions, Model = a.Value.Model, MayDelegate = a.Value.MayDelegate }, StringComparer.Ordinal),
            DefaultAgent = instance.DefaultAgent,
            Models = instance.Models.ToImmutableSortedDictionary(
                m => m.Key, m => new ChatModel(new ScriptedChatClient(time, m.Value.Script)), StringComparer.Ordinal),
            DefaultModel = instance.DefaultModel,
            Directory = instance.Directory,
            ModelDeadline = instance.ModelDeadline,
            MaxToolSteps = instance.MaxToolSteps,
            Services = services,
        };
        return new ChatHarness(
            options, services.GetRequiredService<ITranscripts>(), services.GetRequiredService<IBackgroundAgents>, time, services.GetRequiredService<ILoggerFactory>());
    }
}
