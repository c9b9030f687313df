using System.Globalization;
using Microsoft.Extensions.Logging;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat.Conversations;
using Rouse.Harnesses.Chat.Delegation;

namespace Rouse.Harnesses.Chat.Turns;

/// <summary>Runs a turn from where its conversation stands to its end. Each step is stored before the next begins.</summary>
internal sealed partial class TurnRunner(
    ChatHarnessOptions options, ConversationStore store, DelegationTools delegation, ModelCall model, ToolRun tools, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public static TaskError Aborted { get; } = new(FailureClass.Aborted, "aborted", "The turn was stopped.");

    /// <param name="abort">Ends the turn with an error that says so.</param>
    /// <param name="stop">Leaves the turn open, for the next start to continue.</param>
    public async Task RunAsync(Conversation conversation, CancellationToken abort, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, stop);
        Conversation? now = conversation;
        try
        {
            // Calls without a result at the start were made before a crash; nobody knows whether they took effect.
            var cutOff = conversation.OpenCalls().Select(c => c.Call.CallId).ToHashSet(StringComparer.Ordinal);
            while (now is { IsOpen: true })
            {
                either.Token.ThrowIfCancellationRequested();
                now = await StepAsync(now, cutOff, either.Token);
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            await EndAsync(now!, Aborted, stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogDefect(conversation.Session, e);
            await EndAsync(now!, new TaskError(FailureClass.Unknown, "harness-defect", $"The harness failed: {e.Message}"), stop);
        }
    }

    /// <summary>Ends the open turn with an error; what had been done stays.</summary>
    public async ValueTask<Conversation?> EndAsync(Conversation conversation, TaskError error, CancellationToken cancellationToken)
    {
        var ended = new ChatEntry.Answered { At = time.GetUtcNow(), Agent = conversation.Agent, Model = conversation.Model, EndsTurn = true, Error = error };
        return await StoreAsync(conversation, AnswerKey(conversation), ended, cancellationToken);
    }

    /// <summary>Runs the first call that is open, or else asks the model. Null when the session was deleted.</summary>
    private async ValueTask<Conversation?> StepAsync(Conversation conversation, HashSet<string> cutOff, CancellationToken cancellationToken)
    {
        if (TurnSettings.Resolve(options, delegation, conversation, out var error) is not { } settings)
        {
            return await EndAsync(conversation, error!, cancellationToken);
        }

        if (conversation.OpenCalls() is [var (answer, call), ..])
        {
            var returned = cutOff.Remove(call.CallId) && !ToolRun.IsRepeatable(settings, call)
                ? tools.Interrupted(answer, call)
                : await tools.RunAsync(conversation, settings, answer, call, cancellationToken);
            return await StoreAsync(conversation, ResultKey(answer, call.CallId), returned, cancellationToken);
        }

        var last = conversation.ToolSteps() >= options.MaxToolSteps;
        var answered = await model.AskAsync(conversation, settings, last, cancellationToken);
        return await StoreAsync(conversation, AnswerKey(conversation), answered, cancellationToken);
    }

    /// <summary>What was done is stored before anything else is done, however long the journal is away, and also when the turn is being stopped.</summary>
    private async ValueTask<Conversation?> StoreAsync(Conversation conversation, string key, ChatEntry entry, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                return await store.AppendAsync(conversation, key, entry, CancellationToken.None);
            }
            catch (JournalUnavailableException e)
            {
                LogWaits(conversation.Session, pause, e);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // Keys of the harness's own hold a colon, which keys of prompts never do. One place in the history takes one answer.
    private static string AnswerKey(Conversation conversation) => "answer:" + (conversation.Length + 1).ToString(CultureInfo.InvariantCulture);

    private static string ResultKey(int answer, string callId) => $"result:{answer.ToString(CultureInfo.InvariantCulture)}:{callId}";
}
