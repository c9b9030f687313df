using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Reads a dispatched wake back until it is admitted, and watches an admitted one until it is consumed.</summary>
internal sealed class ConfirmPerformer(CrewHost crews, InstanceLinks links, Prompts prompts, EngineOptions options, SteadyTime time)
    : WakePerformer(crews, links, options, time), IPerformer
{
    /// <summary>
    /// A stored message that no turn is seen to follow may have been run all the same: once more while the instance stays up, so that a wake costs two
    /// turns at most.
    /// </summary>
    private const int MostRunsWhileUp = 1;

    public ObligationKind Kind => ObligationKind.Confirm;

    public async Task<Performed> PerformAsync(Performance p, CancellationToken cancellationToken)
    {
        var crew = await ReadAsync(p);
        if (crew.Find(p.Wake) is not { Phase: WakePhase.Dispatched or WakePhase.Admitted } wake)
        {
            return Performed.Wait;
        }

        var session = crew.Find(wake.Session)!;
        var link = Links.Of(session.Address.Instance);
        if (link.IsLost)
        {
            return Performed.WaitForInstance;
        }

        p.Listen(session.Address);
        if (wake.Phase == WakePhase.Dispatched && await ReadBackAsync(p, wake, session, link, cancellationToken) is { } waits)
        {
            return waits;
        }

        return await WatchAsync(p, session, cancellationToken);
    }

    /// <summary>Null when the wake is admitted now.</summary>
    private async Task<Performed?> ReadBackAsync(Performance p, Wake wake, Session session, InstanceLink link, CancellationToken cancellationToken)
    {
        if (!CanAsk(session.Address.Instance))
        {
            // Nobody knows whether it arrived, and sent again it might come twice: people are to look. It may be on its way still, and until it has come
            // no look at the session says what it does there.
            return link.Unknown.WaitFor(session.Address.Id) is { Ticks: > 0 } wait ? new Performed.At(Now + wait, MayArrive) : await AbandonAsync(p, wake, "Unknown");
        }

        var found = Sabotage.CountsASendAsAdmitted ? new FindResult.Found("it was sent", Begun: true)
            : Sabotage.SendsAgainWithoutAReadBack ? new FindResult.NotFound()
            : await FindAsync(session.Address, wake.Key, cancellationToken);
        switch (found)
        {
            case FindResult.Found x:
                await SubmitAsync(p, new WakeFound(wake.Id, x.Evidence));
                return null;
            case FindResult.Gone:
                return await MissAsync(p, session.Id);
            case FindResult.Unreadable x:
                p.QuietSince = null;
                return new Performed.BackOff(x.Reason);
        }

        (p.Misses, p.MissingSince) = (0, null);
        var since = p.QuietSince ??= Now;
        if (p.LookedAfter(since) < QuietOf(p) && !Sabotage.SendsAgainAtOnce)
        {
            return new Performed.At(since + QuietOf(p), MayArrive);
        }

        if (wake.Sends >= MostSends)
        {
            return await AbandonAsync(p, wake, "NotAdmitted");
        }

        return await SendAgainAsync(p, wake, session, link, cancellationToken);
    }

    /// <summary>Nothing was found after a quiet while: once more, with the same key, through the gate.</summary>
    private async Task<Performed> SendAgainAsync(Performance p, Wake wake, Session session, InstanceLink link, CancellationToken cancellationToken)
    {
        var crew = await ReadAsync(p);
        if (!IsIn(WakePhase.Dispatched, wake, crew))
        {
            return Performed.Wait;
        }

        var prompt = await prompts.OfWakeAsync(crew, wake, cancellationToken);
        switch (await PassGateAsync(p, session.Address, prompt, c => IsIn(WakePhase.Dispatched, wake, c), cancellationToken))
        {
            case Passage.Unwanted:
                return Performed.Wait;
            case Passage.Closed x:
                return await HoldAsync(p, wake, x.Reason, x.LookAfter);
            case Passage.Unreadable:
                return await HoldAsync(p, wake, "unreadable", lookAfter: null);
            case Passage.Missing:
                return await MissAsync(p, session.Id);
            case Passage.Passed x:
                return await HeedAsync(p, wake, session, link, x);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    /// <summary>Goes on from what is known of the second send.</summary>
    private async Task<Performed> HeedAsync(Performance p, Wake wake, Session session, InstanceLink link, Passage.Passed passed)
    {
        switch (passed.Result)
        {
            case DeliverResult.Sent:
                (p.QuietSince, p.SendsUntraced) = (null, p.SendsUntraced + 1);
                await SubmitAsync(p, new WakeSent(wake.Id, wake.Epoch, link.Harness.Grade.Route, Certain: true, passed.After));
                return new Performed.At(Now);
            case DeliverResult.Unknown:
                (p.QuietSince, p.SendsUntraced) = (null, p.SendsUntraced + 1);
                await SubmitAsync(p, new WakeSent(wake.Id, wake.Epoch, link.Harness.Grade.Route, Certain: false, passed.After));
                return new Performed.At(Now);
            case DeliverResult.Busy x:
                return new Performed.BackOff(x.Reason);
            case DeliverResult.NotSent x:
                return new Performed.BackOff(x.Reason);
            case DeliverResult.Gone:
                return await MissAsync(p, session.Id);
            case DeliverResult.Refused { Error: { Class: not FailureClass.Passing } error }:
                return await AbandonAsync(p, wake, error);
            case DeliverResult.Refused x:
                return new Performed.BackOff(x.Error.Reason);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    private async Task<Performed> WatchAsync(Performance p, Session session, CancellationToken cancellationToken)
    {
        var (asOf, lookedAt) = ((await ReadAsync(p)).Version, Now);
        InspectResult.Seen seen;
        switch (await InspectAsync(session.Address, cancellationToken))
        {
            case InspectResult.Missing:
                return await MissAsync(p, session.Id);
            case InspectResult.Unreadable x:
                return new Performed.BackOff(x.Reason);
            case InspectResult.Seen x:
                seen = x;
                break;
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }

        Seen(p, seen.Inspection);
        var reply = await SubmitAsync(p, new SessionSeen(session.Id, seen.Inspection, asOf, p.LastError, LanesOf, lookedAt));
        if ((await ReadAsync(p)).Find(p.Wake) is not { IsOpen: true } wake)
        {
            return Performed.Wait;
        }

        switch (reply)
        {
            case Reply.LookAgain { After: { } after } x:
                return new Performed.At(Now + after, x.Why);
            case Reply.RunAgain:
                return AwaitBegin(p) ?? await RunAgainAsync(p, wake, session, cancellationToken);
            case Reply.Nudge when p.RunsWhileUp > 0:
                // Its message was run a second time already.
                return await AbandonAsync(p, wake, "NotConsumed");
            case Reply.Nudge nudge:
                return await NudgeAsync(p, nudge, session, cancellationToken);
            default:
                p.NotBegunSince = null;
                return Sabotage.TrustsSignalsAlone ? Performed.Wait : new Performed.At(Now + Options.SafetyLook, (reply as Reply.LookAgain)?.Why);
        }
    }

    /// <summary>The message is stored and was never run: the same message again, which the adapter runs and does not store twice.</summary>
    private async Task<Performed> RunAgainAsync(Performance p, Wake wake, Session session, CancellationToken cancellationToken)
    {
        if (p.RunsWhileUp >= MostRunsWhileUp || !MayRunAgain(p))
        {
            return await AbandonAsync(p, wake, "NotBegun");
        }

        if (!CanAsk(session.Address.Instance) && !(wake.Nudged && p.MaySend))
        {
            RunAgain(p);
            return new Performed.BackOff("it was taken and not begun; sent again it might come twice");
        }

        var crew = await ReadAsync(p);
        if (!IsIn(WakePhase.Admitted, wake, crew))
        {
            return Performed.Wait;
        }

        var prompt = wake.Nudged ? Prompts.OfNudge(wake) : await prompts.OfWakeAsync(crew, wake, cancellationToken);
        var mightSend = p.MaySend;
        var passage = await PassGateAsync(
            p, session.Address, prompt, c => IsIn(WakePhase.Admitted, wake, c), Unhindered(p, session.Address.Instance, cancellationToken));
        if (passage is not Passage.Passed passed)
        {
            return new Performed.At(Now + Options.LookAgain, Why(passage));
        }

        RunAgain(p);
        p.MaySend = mightSend && WasNotSent(passed);
        if (passed.Result is DeliverResult.Sent)
        {
            p.RunsWhileUp++;
        }

        return new Performed.BackOff("its message was stored and not begun; it was run again");
    }

    private async Task<Performed> NudgeAsync(Performance p, Reply.Nudge nudge, Session session, CancellationToken cancellationToken)
    {
        var canAsk = CanAsk(session.Address.Instance);
        if (canAsk && await ReadNudgeBackAsync(p, nudge, session, cancellationToken) is { } waits)
        {
            return waits;
        }

        // The error that made the nudge due has been heeded, unless it is certain that the nudge is not on record; only one of its own turn counts from here on.
        var (error, mayBeOnRecord) = (p.LastError, false);
        (p.LastError, p.MaySend) = (null, false);
        try
        {
            var prompt = Sabotage.RepeatsTheWakeInItsNudge
                ? await prompts.OfWakeAsync(await ReadAsync(p), nudge.Wake, cancellationToken) with { Key = nudge.Wake.NudgeKey }
                : Prompts.OfNudge(nudge.Wake);
            var passage = await PassGateAsync(
                p, session.Address, prompt, c => IsIn(WakePhase.Admitted, nudge.Wake, c), cancellationToken, canAsk ? null : RecordAsync);
            if (passage is not Passage.Passed passed)
            {
                return new Performed.At(Now + Options.LookAgain, Why(passage));
            }

            if (passed.Result is DeliverResult.Refused { Error: { Class: not FailureClass.Passing } refused })
            {
                return await AbandonAsync(p, nudge.Wake, refused);
            }

            if (!canAsk && !WasNotSent(passed))
            {
                return new Performed.At(Now);
            }

            if (!canAsk)
            {
                p.MaySend = true; // also while the store cannot take it off its record
                await SubmitAsync(p, new WithdrawNudge(nudge.Wake.Id));
                p.MaySend = mayBeOnRecord = false;
                return new Performed.BackOff("the nudge was not sent");
            }

            if (await FindAsync(session.Address, prompt.Key, cancellationToken) is FindResult.Found)
            {
                mayBeOnRecord = true;
                await SubmitAsync(p, new NudgeFound(nudge.Wake.Id, nudge.Reason, passed.After));
                return new Performed.At(Now);
            }

            return new Performed.BackOff("the nudge was not found in the history");
        }
        finally
        {
            p.LastError ??= mayBeOnRecord ? null : error;
        }

        // It is sent once at most: also when the store fails between this and the send, which is then made up for.
        async Task<bool> RecordAsync(string after)
        {
            mayBeOnRecord = true;
            return p.MaySend = mayBeOnRecord = await SubmitAsync(p, new NudgeFound(nudge.Wake.Id, nudge.Reason, after)) is Reply.Done;
        }
    }

    /// <summary>One that was sent before and left no trace may have come since, or come still. Null when neither is so.</summary>
    private async Task<Performed?> ReadNudgeBackAsync(Performance p, Reply.Nudge nudge, Session session, CancellationToken cancellationToken)
    {
        var left = Links.Of(session.Address.Instance).Unknown.WaitFor(session.Address.Id);
        switch (await FindAsync(session.Address, nudge.Wake.NudgeKey, cancellationToken))
        {
            case FindResult.Found:
                p.LastError = null;
                await SubmitAsync(p, new NudgeFound(nudge.Wake.Id, nudge.Reason));
                return new Performed.At(Now);
            case FindResult.NotFound:
                return left > TimeSpan.Zero ? new Performed.BackOff(MayArrive) : null;
            case FindResult.Gone:
                return await MissAsync(p, session.Id);
            case FindResult.Unreadable x:
                return new Performed.BackOff(x.Reason);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    /// <summary>It is certain that nothing came of it: also a harness without keys may be sent it again.</summary>
    private static bool WasNotSent(Passage.Passed passed) =>
        passed.Result is DeliverResult.NotSent or DeliverResult.Busy or DeliverResult.Gone or DeliverResult.Refused { Error.Class: FailureClass.Passing };

    private static string? Why(Passage passage) => passage switch
    {
        Passage.Closed x => x.Reason,
        Passage.Unreadable x => x.Reason,
        Passage.Missing => "session-missing",
        _ => null,
    };

    /// <summary>It may have ended since it was looked at: its session is gone, or the run in it is over.</summary>
    private static bool IsIn(WakePhase phase, Wake wake, Crew crew) => crew.Find(wake.Id)?.Phase == phase;
}
