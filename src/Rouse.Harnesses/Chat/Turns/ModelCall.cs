using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat.Conversations;
using Rouse.Harnesses.Secrets;

namespace Rouse.Harnesses.Chat.Turns;

/// <summary>One call of a model, with a deadline. Whatever comes of it is an answer.</summary>
internal sealed partial class ModelCall(ChatHarnessOptions options, Signals signals, TimeProvider time, ILogger logger)
{
    /// <summary>The property of a call's options that names the agent, for clients that route or count by it.</summary>
    public const string AgentProperty = "rouse.agent";

    /// <param name="last">The turn has used up its tool steps: no tools are offered, and the answer ends it.</param>
    public async ValueTask<ChatEntry.Answered> AskAsync(Conversation conversation, TurnSettings settings, bool last, CancellationToken cancellationToken)
    {
        var empty = new ChatEntry.Answered { At = time.GetUtcNow(), Agent = settings.Agent, Model = settings.Model, EndsTurn = true };
        using var deadline = new CancellationTokenSource(options.ModelDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return Read(empty, await CollectAsync(conversation, settings, last, either.Token), last);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            var cause = e is OperationCanceledException && deadline.IsCancellationRequested
                ? new TimeoutException($"the deadline of {options.ModelDeadline} has passed", e)
                : e;
            var error = options.ClassifyError?.Invoke(cause) ?? ModelErrors.Classify(cause, settings.Model);
            LogFailed(conversation.Session, settings.Model, error.Reason, SecretScrub.Clean(e.ToString()));
            return empty with { Error = error with { Message = SecretScrub.Clean(error.Message) } };
        }
    }

    // A client that does not heed its token is left behind: its answer is lost, and it does nothing else.
    private async Task<ChatResponse> CollectAsync(Conversation conversation, TurnSettings settings, bool last, CancellationToken cancellationToken)
    {
        var response = StreamAsync(conversation, settings, last, cancellationToken);
        try
        {
            return await response.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!response.IsCompleted)
        {
            _ = LogLateAsync(response, conversation.Session, settings.Model);
            throw;
        }
    }

    private async Task<ChatResponse> StreamAsync(Conversation conversation, TurnSettings settings, bool last, CancellationToken cancellationToken)
    {
        var call = settings.Client.Defaults?.Clone() ?? new ChatOptions();
        call.AdditionalProperties ??= [];
        call.AdditionalProperties[AgentProperty] = settings.Agent;
        call.Tools = last || settings.Tools.Count == 0 ? null : [.. settings.Tools];

        var updates = new List<ChatResponseUpdate>();
        var messages = ModelMessages.Of(conversation, settings.Instructions);
        await foreach (var update in settings.Client.Client.GetStreamingResponseAsync(messages, call, cancellationToken))
        {
            updates.Add(update);
            signals.Emit(new HarnessSignal.Progress(conversation.Session.Id));
        }

        return updates.ToChatResponse();
    }

    private static ChatEntry.Answered Read(ChatEntry.Answered empty, ChatResponse response, bool last)
    {
        var messages = response.Messages.Select(m => Kept(m, withCalls: !last)).Where(m => m.Contents.Count > 0).ToList();
        NameCalls(messages);
        var answered = empty with
        {
            Messages = messages,
            Truncated = last || response.FinishReason == ChatFinishReason.Length,
            Usage = response.Usage is { } usage ? new Usage(usage.InputTokenCount, usage.OutputTokenCount, null) : null,
        };
        if (answered.Calls.Any())
        {
            return answered with { EndsTurn = false };
        }

        return answered.Text.Length > 0 ? answered : answered with { Error = ErrorIn(response) };
    }

    // Usage has a place of its own; an error without any text ends the turn; calls beyond the limit of steps are not run and so not kept.
    private static ChatMessage Kept(ChatMessage message, bool withCalls) => new(message.Role, [.. message.Contents.Where(c => c switch
    {
        UsageContent or ErrorContent => false,
        FunctionCallContent { InformationalOnly: false } => withCalls,
        _ => true,
    })]);

    // A result is told by its call's id, so within one answer each call needs its own. Some models give none, or one twice.
    private static void NameCalls(List<ChatMessage> messages)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            for (var i = 0; i < message.Contents.Count; i++)
            {
                if (message.Contents[i] is not FunctionCallContent { InformationalOnly: false } call)
                {
                    continue;
                }

                var given = string.IsNullOrEmpty(call.CallId) ? "call" : call.CallId;
                var id = given;
                for (var more = 2; !seen.Add(id); more++)
                {
                    id = $"{given}-{more}";
                }

                if (id != call.CallId)
                {
                    message.Contents[i] = new FunctionCallContent(id, call.Name, call.Arguments);
                }
            }
        }
    }

    private static TaskError? ErrorIn(ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter)
        {
            return new TaskError(FailureClass.Request, "content-filter", "The model's provider filtered the answer.");
        }

        return response.Messages.SelectMany(m => m.Contents).OfType<ErrorContent>().FirstOrDefault() is { } error
            ? new TaskError(FailureClass.Unknown, "model-error", TextBounds.OneLine(SecretScrub.Clean(error.Message), 500) ?? "The model answered with an error.")
            : null;
    }

    private async Task LogLateAsync(Task<ChatResponse> response, Address session, string model)
    {
        try
        {
            await response;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        catch (Exception e)
        {
            var detail = SecretScrub.Clean(e.ToString());
            LogLate(session, model, detail);
        }
    }
}
