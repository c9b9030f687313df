using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Rouse.Core;
using Rouse.Harnesses.Chat.Conversations;
using Rouse.Harnesses.Secrets;

namespace Rouse.Harnesses.Chat.Turns;

/// <summary>Runs one tool call. Whatever comes of it is told to the model.</summary>
internal sealed partial class ToolRun(ChatHarnessOptions options, TimeProvider time, ILogger logger)
{
    public async ValueTask<ChatEntry.Returned> RunAsync(
        Conversation conversation, TurnSettings settings, int answer, FunctionCallContent call, CancellationToken cancellationToken)
    {
        var returned = new ChatEntry.Returned { At = time.GetUtcNow(), Answer = answer, CallId = call.CallId, Tool = call.Name, Text = "" };
        if (Find(settings, call.Name) is not { } tool)
        {
            var names = settings.Tools.Count == 0 ? "none" : ChatHarnessOptions.Names(settings.Tools.Select(t => t.Name));
            return returned with { Failed = true, Text = $"There is no tool '{call.Name}' here; there are: {names}." };
        }

        try
        {
            return returned with { Text = Text(await tool.InvokeAsync(Arguments(conversation, settings, answer, call), cancellationToken)) };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            LogFailed(conversation.Session, call.Name, SecretScrub.Clean(e.ToString()));
            return returned with { Failed = true, Text = $"The tool failed: {SecretScrub.Clean(e.Message)}" };
        }
    }

    /// <summary>What is told of a call that a crash cut off.</summary>
    public ChatEntry.Returned Interrupted(int answer, FunctionCallContent call) =>
        new() { At = time.GetUtcNow(), Answer = answer, CallId = call.CallId, Tool = call.Name, Text = ModelMessages.Interrupted, Failed = true };

    public static bool IsRepeatable(TurnSettings settings, FunctionCallContent call) =>
        Find(settings, call.Name) is not { } tool || tool.GetService<RepeatableFunction>() is not null;

    private static AIFunction? Find(TurnSettings settings, string name) =>
        settings.Tools.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.Ordinal));

    private AIFunctionArguments Arguments(Conversation conversation, TurnSettings settings, int answer, FunctionCallContent call) => new(call.Arguments)
    {
        Services = options.Services,
        Context = new Dictionary<object, object?>
        {
            [typeof(ChatToolCall)] = new ChatToolCall(
                conversation.Session, settings.Agent, conversation.Head.Directory, call.CallId, Key(conversation.Session, answer, call.CallId)),
        },
    };

    // With the number of the answer: a model may use a call's id again in a later one.
    private static string Key(Address session, int answer, string callId) =>
        "call_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{session}\n{answer}\n{callId}")).AsSpan(0, 16));

    private static string Text(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement { ValueKind: JsonValueKind.Null } => "",
        TextContent content => content.Text,
        _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions.GetTypeInfo(result.GetType())),
    };
}
