using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.OpenCode.Http;
using Rouse.Harnesses.OpenCode.Looks;
using Rouse.Harnesses.OpenCode.Sessions;
using Rouse.Harnesses.OpenCode.Wire;

namespace Rouse.Harnesses.OpenCode.Prompts;

/// <summary>
/// Brings a prompt into a session once and has it run: look, store, run.
/// </summary>
/// <remarks>
/// OpenCode's 204 to a prompt is no admission: a server that dies just after it has lost the prompt. So it is stored first, by a call that answers
/// when it is stored (<c>noReply</c>), and then run, by a second one with the same ids. Whatever breaks in between, the look at the start of the
/// next delivery finds out how far it had come. When somebody else's turn begins between the two, the stored prompt is answered as part of it.
/// </remarks>
internal sealed class PromptDelivery(OpenCodeOptions options, OpenCodeClient client, TimeProvider time)
{
    private readonly Availability _availability = new(client);
    private readonly SessionLocks _locks = new();

    public async ValueTask<DeliverResult> DeliverAsync(string session, Prompt prompt, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(options.SendDeadline, time, cancellationToken);
        IDisposable alone;
        try
        {
            alone = await _locks.EnterAsync(session, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliverResult.NotSent("Another delivery into the session has not ended in time.");
        }

        using (alone)
        {
            return await DeliverAloneAsync(session, prompt, deadline);
        }
    }

    private async ValueTask<DeliverResult> DeliverAloneAsync(string session, Prompt prompt, Deadline deadline)
    {
        var known = await client.GetAsync(Paths.Session(session), WireJson.Default.WireSession, deadline);
        if (!known.TryGet(out var wire, out var failure))
        {
            return failure.Kind == CallFailureKind.NotFound ? new DeliverResult.Gone() : new DeliverResult.NotSent(failure.Reason);
        }

        var stored = await StoredPrompt.FindAsync(client, session, prompt.Key, options.PageSize, deadline);
        if (stored is StoredPrompt.NotRead unread)
        {
            return new DeliverResult.NotSent(unread.Failure.Reason);
        }

        if (stored is StoredPrompt.Yes { Begun: true })
        {
            return new DeliverResult.Sent();
        }

        var body = await BodyAsync(session, prompt, deadline);
        if (!body.TryGet(out var ready, out failure))
        {
            return NotSent(failure, stored);
        }

        if (await DenyMissingAsync(wire, session, prompt, deadline) is { } undenied)
        {
            return NotSent(undenied, stored);
        }

        // The last look before anything is sent.
        var status = await SessionStatus.ReadAsync(client, session, wire.Directory, deadline);
        if (!status.TryGet(out var now, out failure))
        {
            return NotSent(failure, stored);
        }

        if (now.IsWorking)
        {
            return new DeliverResult.Busy(now.Retrying ?? "Another turn runs in the session.");
        }

        // Also one that is stored already: storing changes nothing of it and answers when the server has warmed up. After a mere 204 a server that was
        // started just before says idle for seconds, and an abort would take the session for stopped before its turn begins.
        if (await StoreAsync(session, ready, wire.Directory, deadline) is { } notStored)
        {
            return notStored is DeliverResult.NotSent x && stored is StoredPrompt.Yes
                ? new DeliverResult.Unknown($"The prompt is stored, and not run yet. {x.Reason}")
                : notStored;
        }

        return await RunAsync(session, ready, deadline);
    }

    private async ValueTask<Reply<PromptBody>> BodyAsync(string session, Prompt prompt, Deadline deadline)
    {
        if (!prompt.IsWake || (prompt.Agent is not null && prompt.Model is not null && prompt.System is not null))
        {
            return Reply<PromptBody>.Ok(PromptBodies.Of(prompt, newestTurn: null));
        }

        // One turn may be longer than a page: each of its steps is a message, and only its first says what it runs with.
        string? cursor = null;
        while (true)
        {
            var reply = await client.GetAsync(Paths.Messages(session, options.PageSize, cursor), WireJson.Default.ListWireMessage, deadline);
            if (!reply.TryGet(out var messages, out var failure))
            {
                return Reply<PromptBody>.Fail(failure);
            }

            cursor = reply.Cursor;
            var turn = PromptBodies.NewestTurn(messages);
            if (turn is not null || cursor is null)
            {
                return Reply<PromptBody>.Ok(PromptBodies.Of(prompt, turn));
            }
        }
    }

    /// <summary>A session that Rouse created has its denials already; one that was adopted gets those of the prompt now, added to its own rules.</summary>
    private async ValueTask<CallFailure?> DenyMissingAsync(WireSession wire, string session, Prompt prompt, Deadline deadline)
    {
        var missing = SessionRules.Missing(wire.Permission, prompt.Tools);
        if (missing.IsEmpty)
        {
            return null;
        }

        var reply = await client.SendAsync(
            HttpMethod.Patch, Paths.Session(session), new PermissionBody(missing), WireJson.Default.PermissionBody, deadline);
        return reply.Failure;
    }

    /// <returns>Null when it is stored.</returns>
    private async ValueTask<DeliverResult?> StoreAsync(string session, PromptBody body, string? directory, Deadline deadline)
    {
        var reply = await client.PostAsync(
            Paths.Deposit(session), body with { NoReply = true }, WireJson.Default.PromptBody, WireJson.Default.WireMessage, deadline);
        if (reply.TryGet(out var message, out var failure))
        {
            return message.Info?.Id == body.MessageId
                ? null
                : new DeliverResult.Unknown("OpenCode answered the prompt with another message than the one that was sent.");
        }

        return failure.Kind switch
        {
            CallFailureKind.NotFound => new DeliverResult.Gone(),
            CallFailureKind.NotConnected or CallFailureKind.Unauthorised => new DeliverResult.NotSent(failure.Reason),
            CallFailureKind.Rejected => Refused(failure),
            CallFailureKind.Failed => await ExplainAsync(body, directory, failure, deadline),
            _ => new DeliverResult.Unknown(failure.Reason),
        };
    }

    private async ValueTask<DeliverResult> RunAsync(string session, PromptBody body, Deadline deadline)
    {
        var reply = await client.SendAsync(HttpMethod.Post, Paths.Run(session), body, WireJson.Default.PromptBody, deadline);
        return reply.Failure switch
        {
            null => new DeliverResult.Sent(),
            { Kind: CallFailureKind.NotFound } => new DeliverResult.Gone(),
            { Kind: CallFailureKind.Rejected } refused => Refused(refused),

            // Also when no byte of this call went out: the prompt is stored, and another route would store it once more.
            var failure => new DeliverResult.Unknown($"The prompt is stored; whether it runs is not known. {failure.Reason}"),
        };
    }

    /// <summary>OpenCode answers an agent that it does not know like any fault of its own: "unexpected server error".</summary>
    private async ValueTask<DeliverResult> ExplainAsync(PromptBody body, string? directory, CallFailure failure, Deadline deadline)
    {
        var model = body.Model is { } m ? $"{m.ProviderId}/{m.ModelId}" : null;
        var (error, _) = await _availability.CheckAsync(body.Agent, model, directory, deadline);
        return error is not null ? new DeliverResult.Refused(error) : new DeliverResult.Unknown(failure.Reason);
    }

    private static DeliverResult NotSent(CallFailure failure, StoredPrompt stored) =>
        stored is StoredPrompt.Yes ? new DeliverResult.Unknown($"The prompt is stored, and not run yet. {failure.Reason}") : new DeliverResult.NotSent(failure.Reason);

    private static DeliverResult.Refused Refused(CallFailure failure) => new(new TaskError(FailureClass.Request, "invalid-request", failure.Reason));
}
