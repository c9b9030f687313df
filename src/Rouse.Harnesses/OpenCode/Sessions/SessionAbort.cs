using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Looks;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Sessions;

/// <summary>
/// Stops a session's turn and watches until it is idle. OpenCode answers an abort with <c>true</c> whatever it did; only the status tells.
/// </summary>
internal sealed class SessionAbort(OpenCodeOptions options, OpenCodeClient client, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long it must stay idle: a prompt that was taken just before begins its turn a moment later.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(800);

    /// <param name="lastDirectory">Where it ran, for a session that was deleted: deleting one does not stop its turn.</param>
    public async ValueTask<AbortResult> AbortAsync(string session, string? lastDirectory, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(options.AbortDeadline, time, cancellationToken);
        try
        {
            var known = await client.GetAsync(Paths.Session(session), WireJson.Default.WireSession, deadline);
            var deleted = !known.TryGet(out var wire, out var failure);
            if (deleted && failure!.Kind != CallFailureKind.NotFound)
            {
                return new AbortResult.NotSeen(failure.Reason);
            }

            var directory = wire?.Directory ?? lastDirectory;
            failure = await StopAsync(session, directory, deadline);
            if (failure is null)
            {
                await RejectQuestionsAsync(session, directory, deadline);
            }

            return failure is null ? new AbortResult.Ended(deleted ? "gone" : "idle") : new AbortResult.NotSeen(failure.Reason);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AbortResult.NotSeen($"The session still works {options.AbortDeadline.TotalSeconds:0.#} s after it was told to stop.");
        }
    }

    /// <returns>Null once it was seen idle and stayed so.</returns>
    private async ValueTask<CallFailure?> StopAsync(string session, string? directory, Deadline deadline)
    {
        while (true)
        {
            var sent = await client.SendAsync(HttpMethod.Post, Paths.Abort(session, directory), deadline);
            if (sent.Failure is { } unsent)
            {
                return unsent;
            }

            if (await WaitIdleAsync(session, directory, deadline) is { } unseen)
            {
                return unseen;
            }

            await Task.Delay(Quiet, time, deadline.Token);
            var status = await SessionStatus.ReadAsync(client, session, directory, deadline);
            if (!status.TryGet(out var now, out var failure))
            {
                return failure;
            }

            if (!now.IsWorking)
            {
                return null;
            }
        }
    }

    private async ValueTask<CallFailure?> WaitIdleAsync(string session, string? directory, Deadline deadline)
    {
        while (true)
        {
            var status = await SessionStatus.ReadAsync(client, session, directory, deadline);
            if (!status.TryGet(out var now, out var failure))
            {
                return failure;
            }

            if (!now.IsWorking)
            {
                return null;
            }

            await Task.Delay(Pause, time, deadline.Token);
        }
    }

    /// <summary>OpenCode goes on listing the questions of an aborted turn. Nobody waits for the answers; a failure leaves a stale line in a list.</summary>
    private async ValueTask RejectQuestionsAsync(string session, string? directory, Deadline deadline)
    {
        var asked = await OpenQuestions.ReadAsync(client, session, directory, deadline);
        foreach (var question in asked.Value?.Questions ?? [])
        {
            await client.SendAsync(HttpMethod.Post, Paths.RejectQuestion(question.Id ?? "", directory), deadline);
        }

        foreach (var permission in asked.Value?.Permissions ?? [])
        {
            await client.SendAsync(
                HttpMethod.Post, Paths.ReplyPermission(permission.Id ?? "", directory), new ReplyBody("reject"), WireJson.Default.ReplyBody, deadline);
        }
    }
}
