using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Looks at an attempt's session whenever something about it changed, until its outcome is known.</summary>
internal sealed class SupervisePerformer(CrewHost crews, InstanceLinks links, Prompts prompts, EngineOptions options, SteadyTime time)
    : PerformerBase(crews, links, options, time), IPerformer
{
    public ObligationKind Kind => ObligationKind.Supervise;

    public async Task<Performed> PerformAsync(Performance p, CancellationToken cancellationToken)
    {
        var crew = await ReadAsync(p);
        if (crew.Find(p.Task) is not { IsSettled: false } task || task.Current is not { Session: { } session, Address: { } address } attempt
            || attempt.Number != p.Obligation.Attempt)
        {
            return Performed.Wait;
        }

        if (await IsLostAsync(p, address.Instance))
        {
            return Performed.Wait;
        }

        p.Listen(address);
        var lookedAt = Now;
        switch (await InspectAsync(address, cancellationToken))
        {
            case InspectResult.Seen x:
                Seen(p, x.Inspection);
                // What was told while a wake is on its way is for the one that watches it, which knows what it has heeded of it.
                var error = crew.MailboxOf(session).InFlight is null ? p.LastError : null;
                return await SeeAsync(p, task, new SessionSeen(session, x.Inspection, crew.Version, error, LanesOf, lookedAt), cancellationToken);
            case InspectResult.Missing:
                return await MissAsync(p, session);
            case InspectResult.Unreadable x:
                return new Performed.BackOff(x.Reason);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    private async Task<Performed> SeeAsync(Performance p, AgentTask task, SessionSeen seen, CancellationToken cancellationToken)
    {
        var (session, reply) = (seen.Session, await SubmitAsync(p, seen));
        switch (reply)
        {
            case Reply.LookAgain { After: { } after } x:
                return new Performed.At(Now + after, x.Why);
            case Reply.RunAgain when (await ReadAsync(p)).MailboxOf(session).InFlight is null:
                if (!MayRunAgain(p))
                {
                    var error = new TaskError(
                        FailureClass.Unknown, "not-begun", $"{task.Current.Address} took the prompt, and no turn began in several looks and runs.");
                    await SubmitAsync(p, new AttemptFailed(p.Task, p.Obligation.Attempt, error, MayRun: true, LanesOf));
                    return Performed.Wait;
                }

                RunAgain(p);
                if (!CanAsk(task.Spec.Instance))
                {
                    return new Performed.BackOff("its prompt was taken and not begun; sent again it might run twice");
                }

                await DeliverAsync(
                    p, task.Current.Address!, await prompts.OfAttemptAsync(task, cancellationToken),
                    crew => crew.OpenTaskIn(session) is not null && crew.MailboxOf(session).InFlight is null, cancellationToken);
                return new Performed.BackOff("its prompt was stored and not begun; it was run again");
            default:
                // The stream tells of the next change; the safety look is for a harness that forgets to.
                return Sabotage.TrustsSignalsAlone ? Performed.Wait : new Performed.At(Now + Options.SafetyLook, (reply as Reply.LookAgain)?.Why);
        }
    }
}
