using System.Collections.Immutable;
using Rouse.Core;
using Rouse.Harnesses.OpenCode.Failures;
using Rouse.Harnesses.OpenCode.Prompts;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Looks;

/// <summary>OpenCode's messages in the words of the port: one message becomes one. OpenCode writes one answer per step of a turn.</summary>
internal static class History
{
    /// <param name="messages">Oldest first.</param>
    /// <param name="isIdle">No turn runs: what has no end now will never have one.</param>
    public static ImmutableArray<SeenMessage> Translate(IReadOnlyList<WireMessage> messages, bool isIdle)
    {
        var newestAnswer = messages.LastOrDefault(m => m.Info?.Role == "assistant");
        return
        [
            .. messages
                .Where(m => m.Info?.Id is not null)
                .Select(m => m.Info!.Role == "assistant" ? Answer(m, m.Info, isIdle && ReferenceEquals(m, newestAnswer)) : Sent(m, m.Info)),
        ];
    }

    /// <summary>Whether something in it has no end: in an idle session it is dead, or it was just being finished when it was read.</summary>
    public static bool HasLooseEnd(IReadOnlyList<WireMessage> messages) =>
        messages.LastOrDefault(m => m.Info?.Role == "assistant") is { } newest
        && (!IsEnded(newest.Info!) || newest.Info!.Finish == "tool-calls" || OpenTools(newest).Any());

    /// <summary>The calls of tools that have begun and neither succeeded nor failed.</summary>
    public static IEnumerable<WirePart> OpenTools(WireMessage message) =>
        Tools(message).Where(p => p.State?.Status is not ("completed" or "error"));

    /// <summary>A prompt. What OpenCode itself puts there, such as a compaction, is another program's too.</summary>
    private static SeenMessage Sent(WireMessage message, WireInfo info)
    {
        var key = MessageKey.Of(info.Id!);
        return new SeenMessage
        {
            Id = info.Id!,
            Origin = key is null ? MessageOrigin.Person : MessageOrigin.Rouse,
            Key = key,
            At = At(info),
            Text = Text(message),
        };
    }

    /// <param name="isLastAndIdle">It is the newest answer of a session in which nothing runs.</param>
    private static SeenMessage Answer(WireMessage message, WireInfo info, bool isLastAndIdle)
    {
        var callsTools = info.Finish == "tool-calls";
        return new SeenMessage
        {
            Id = info.Id!,
            Origin = MessageOrigin.Agent,
            At = At(info),
            Answers = info.ParentId,

            // Calling tools promises a next step. Where none came and nothing runs, a person rejected the call, or the process died in between.
            Ended = IsEnded(info) && (!callsTools || !isLastAndIdle || WasRejected(message)),
            CallsTools = callsTools,
            ToolOpen = OpenTools(message).Any(),
            RanTools = Tools(message).Any(p => p.State?.Status != "pending"),
            Truncated = info.Finish == "length",
            Text = IsSummary(info) ? "" : Text(message),
            Error = ErrorOf(info),
            Usage = UsageOf(info),
        };
    }

    private static bool IsEnded(WireInfo info) => info.Time?.Completed is not null || info.Error is not null;

    private static TaskError? ErrorOf(WireInfo info)
    {
        if (info.Error is { } error)
        {
            return FailureClassification.Classify(error);
        }

        // Stopped while a failed model call waited for its next try: OpenCode completes the answer and writes down neither an end nor an error.
        return info.Time?.Completed is not null && info.Finish is null
            ? new TaskError(FailureClass.Aborted, "aborted", "The turn was stopped before the model had answered.")
            : null;
    }

    /// <summary>A person who rejects a permission or dismisses a question ends the turn with it.</summary>
    private static bool WasRejected(WireMessage message) =>
        Tools(message).Any(p => p.State is { Status: "error", Error: { } error }
            && (error.Contains("rejected permission", StringComparison.OrdinalIgnoreCase)
                || error.Contains("dismissed this question", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The summary that a compaction writes for the model is not an answer to anyone.</summary>
    private static bool IsSummary(WireInfo info) => info.Summary is { ValueKind: System.Text.Json.JsonValueKind.True };

    private static IEnumerable<WirePart> Tools(WireMessage message) => message.Parts?.Where(p => p.Type == "tool") ?? [];

    private static string Text(WireMessage message) =>
        string.Join("\n\n", message.Parts?.Where(p => p.Type == "text" && p.Ignored != true && !string.IsNullOrEmpty(p.Text)).Select(p => p.Text) ?? []);

    private static DateTimeOffset At(WireInfo info) =>
        info.Time?.Created is { } created and >= 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)created) : default;

    /// <summary>OpenCode counts what was read from and written to the cache apart, and thinking too; both are part of what was used.</summary>
    private static Usage? UsageOf(WireInfo info)
    {
        if (info.Tokens is not { } tokens)
        {
            return null;
        }

        var input = (tokens.Input ?? 0) + (tokens.Cache?.Read ?? 0) + (tokens.Cache?.Write ?? 0);
        var output = (tokens.Output ?? 0) + (tokens.Reasoning ?? 0);
        return input == 0 && output == 0 && info.Cost is null or 0 ? null : new Usage((long)input, (long)output, info.Cost);
    }
}
