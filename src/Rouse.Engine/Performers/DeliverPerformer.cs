using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Brings a due wake into its session: looks, claims, looks again, sends, reads back. The claim is committed before the send, so that after a
/// crash it is known that a send may have happened.
/// </summary>
internal sealed partial class DeliverPerformer(
    CrewHost crews, InstanceLinks links, Prompts prompts, EngineOptions options, SteadyTime time, ILogger<DeliverPerformer> log)
    : WakePerformer(crews, links, options, time), IPerformer
{
    public ObligationKind Kind => ObligationKind.Deliver;

    public async Task<Performed> PerformAsync(Performance p, CancellationToken cancellationToken)
    {
        var crew = await ReadAsync(p);
        if (crew.Find(p.Wake) is not { Phase: WakePhase.Due or WakePhase.Leased } wake)
        {
            return Performed.Wait;
        }

        var session = crew.Find(wake.Session)!;
        var link = Links.Of(session.Address.Instance);
        if (wake.Phase == WakePhase.Leased && wake.Epoch != p.UnsentLease)
        {
            // Claimed by a process that died, or whose commit's answer was lost: it may have been sent. The read-back decides.
            await SubmitAsync(
                p, Sabotage.GivesBackAClaimThatMayHaveBeenSent
                    ? new ReleaseWake(wake.Id, wake.Epoch, "claimed-before")
                    : p.Taken is { } taken && taken.Claim == wake.Epoch
                    ? new WakeSent(wake.Id, wake.Epoch, link.Harness.Grade.Route, Certain: true, taken.After, Admits: !CanAsk(session.Address.Instance))
                    : new WakeSent(wake.Id, wake.Epoch, link.Harness.Grade.Route, Certain: false));
            return Performed.Wait;
        }

        if (link.IsLost)
        {
            return Performed.WaitForInstance;
        }

        p.Listen(session.Address);
        if (wake.Phase == WakePhase.Leased)
        {
            return await SendAsync(p, wake, session, link, Unhindered(p, session.Address.Instance, cancellationToken));
        }

        if (await LookAsync(p, wake, session, cancellationToken) is { } closed)
        {
            return closed;
        }

        cancellationToken.ThrowIfCancellationRequested(); // a node that stops claims nothing more
        return await SubmitAsync(p, new LeaseWake(wake.Id)) switch
        {
            Reply.Leased leased => await SendAsync(p, leased.Wake, session, link, Unhindered(p, session.Address.Instance, cancellationToken)),
            Reply.LookAgain { After: { } after } x => new Performed.At(Now + after, x.Why),
            Reply.Ignored ignored => await HoldAsync(p, wake, "wake-in-flight", lookAfter: null, ignored.Why),
            _ => Performed.Wait,
        };
    }

    private async Task<Performed> SendAsync(Performance p, Wake wake, Session session, InstanceLink link, CancellationToken cancellationToken)
    {
        p.UnsentLease = wake.Epoch;
        var crew = await ReadAsync(p);
        if (!IsHeld(crew))
        {
            return Performed.Wait;
        }

        var prompt = await prompts.OfWakeAsync(crew, wake, cancellationToken);
        var passage = await PassGateAsync(p, session.Address, prompt, IsHeld, cancellationToken);
        p.UnsentLease = passage is Passage.Passed { Result: DeliverResult.Sent or DeliverResult.Unknown } ? 0 : wake.Epoch;
        switch (passage)
        {
            case Passage.Unwanted:
                return Performed.Wait;
            case Passage.Closed x:
                return await ReleaseAsync(p, wake, x.Reason, x.LookAfter);
            case Passage.Unreadable x:
                LogUnreadable(wake.Id, x.Reason);
                return await BackOffAsync(p, wake, "unreadable");
            case Passage.Missing:
                return await ReleaseMissingAsync(p, wake, session);
            case Passage.Passed x:
                return await HeedAsync(p, wake, session, link, x, cancellationToken);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }

        // The lease may have ended meanwhile: the session is gone, or the run in it is over.
        bool IsHeld(Crew crew) => crew.Find(wake.Id) is { Phase: WakePhase.Leased } held && held.Epoch == wake.Epoch;
    }

    /// <summary>Goes on from what is known of the send.</summary>
    private async Task<Performed> HeedAsync(
        Performance p, Wake wake, Session session, InstanceLink link, Passage.Passed passed, CancellationToken cancellationToken)
    {
        LogDelivered(wake.Id, session.Address, passed.Result);
        switch (passed.Result)
        {
            case DeliverResult.Sent:
                await ConfirmSentAsync(p, wake, session, link, passed.After, cancellationToken);
                return Performed.Wait;
            case DeliverResult.Unknown:
                await SubmitAsync(p, new WakeSent(wake.Id, wake.Epoch, link.Harness.Grade.Route, Certain: false, passed.After));
                return Performed.Wait;
            case DeliverResult.Busy:
                return await ReleaseAsync(p, wake, "busy", lookAfter: null);
            case DeliverResult.NotSent:
                return await BackOffAsync(p, wake, "not-sent");
            case DeliverResult.Gone:
                // Whether it is gone is for the next looks to say; they may see it all the same.
                return await BackOffAsync(p, wake, "session-missing");
            case DeliverResult.Refused { Error.Class: FailureClass.Passing }:
                return await BackOffAsync(p, wake, "refused-for-now");
            case DeliverResult.Refused x:
                return await AbandonAsync(p, wake, x.Error);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    /// <summary>The send and its read-back go into one commit where the harness shows the message at once.</summary>
    private async Task ConfirmSentAsync(Performance p, Wake wake, Session session, InstanceLink link, string? after, CancellationToken cancellationToken)
    {
        var canAsk = CanAsk(session.Address.Instance);
        p.Taken = (wake.Epoch, after);
        var found = canAsk ? await FindAsync(session.Address, wake.Key, cancellationToken) : null;
        var sent = SubmitAsync(p, new WakeSent(wake.Id, wake.Epoch, link.Harness.Grade.Route, Certain: true, after, Admits: !canAsk));
        if (found is FindResult.Found x)
        {
            await SubmitAsync(p, new WakeFound(wake.Id, x.Evidence));
        }

        await sent;
    }

    /// <summary>Null when the gate is open.</summary>
    private async Task<Performed?> LookAsync(Performance p, Wake wake, Session session, CancellationToken cancellationToken)
    {
        switch (await InspectAsync(session.Address, cancellationToken))
        {
            case InspectResult.Missing:
                return await MissAsync(p, session.Id);
            case InspectResult.Unreadable x:
                await SubmitAsync(p, new HoldWake(wake.Id, "unreadable"));
                return Sabotage.TakesUnreadableForIdle ? null : new Performed.BackOff(x.Reason);
            case InspectResult.Seen x:
                Seen(p, x.Inspection);
                return Gate.Judge(x.Inspection, Rules) is GateVerdict.Closed closed
                    ? await HoldAsync(p, wake, closed.Reason, closed.LookAfter)
                    : null;
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    private async Task<Performed> ReleaseAsync(Performance p, Wake wake, string reason, TimeSpan? lookAfter)
    {
        await SubmitAsync(p, new ReleaseWake(wake.Id, wake.Epoch, reason));
        return LookAgain(lookAfter, reason);
    }

    private async Task<Performed> ReleaseMissingAsync(Performance p, Wake wake, Session session)
    {
        await SubmitAsync(p, new ReleaseWake(wake.Id, wake.Epoch, "session-missing"));
        return await MissAsync(p, session.Id);
    }

    private async Task<Performed> BackOffAsync(Performance p, Wake wake, string reason)
    {
        await SubmitAsync(p, new ReleaseWake(wake.Id, wake.Epoch, reason));
        return new Performed.BackOff(reason);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Wake} to {Address}: {Result}")]
    private partial void LogDelivered(WakeId wake, Address address, DeliverResult result);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Wake} waits: its session cannot be read ({Reason})")]
    private partial void LogUnreadable(WakeId wake, string reason);
}
