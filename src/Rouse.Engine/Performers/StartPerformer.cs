using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Creates the session of an attempt, commits its address, delivers the prompt and reads it back.</summary>
internal sealed class StartPerformer(CrewHost crews, InstanceLinks links, Prompts prompts, EngineOptions options, SteadyTime time)
    : PerformerBase(crews, links, options, time), IPerformer
{
    /// <summary>
    /// Tries in a row, over about twenty minutes, in which an instance that is up created no session. While it is down none is counted.
    /// </summary>
    private const int MostCreations = 12;

    public ObligationKind Kind => ObligationKind.Start;

    public async Task<Performed> PerformAsync(Performance p, CancellationToken cancellationToken)
    {
        if (await StartingAsync(p) is not { } starting || await IsLostAsync(p, starting.Task.Spec.Instance))
        {
            return Performed.Wait;
        }

        if (starting.Task.Current.Phase == AttemptPhase.Starting && await CreateAsync(p, starting.Crew, starting.Task, cancellationToken) is { } waits)
        {
            return waits;
        }

        return await StartingAsync(p) is { Task.Current: { Phase: AttemptPhase.Created } attempt } created
            ? CanAsk(created.Task.Spec.Instance)
                ? await PromptAsync(p, created.Task, attempt, cancellationToken)
                : await PromptOnceAsync(p, created.Task, attempt, cancellationToken)
            : Performed.Wait;
    }

    /// <summary>Null when the session is known now.</summary>
    private async Task<Performed?> CreateAsync(Performance p, Crew crew, AgentTask task, CancellationToken cancellationToken)
    {
        var session = await prompts.SessionOfAsync(crew, task, task.Current, cancellationToken);
        session = Sabotage.NamesEachCreationAnew ? session with { Key = $"{session.Key}try{p.Failures}" } : session;
        switch (await Links.Of(task.Spec.Instance).CallAsync(
            (h, ct) => h.CreateSessionAsync(session, Unhindered(p, h.Instance, ct)), cancellationToken))
        {
            case CreateResult.Created x:
                await SubmitAsync(p, new ChildSeen(p.Task, p.Obligation.Attempt, x.Address, x.Directory));
                return null;
            case CreateResult.Refused x:
                await SubmitAsync(p, new AttemptFailed(p.Task, p.Obligation.Attempt, x.Error, MayRun: false, LanesOf));
                return Performed.Wait;
            case CreateResult.Unreachable x when p.Failures >= (Sabotage.GivesUpCreatingAtOnce ? 1 : MostCreations):
                var error = new TaskError(FailureClass.Passing, "not-created", $"{task.Spec.Instance} answers, and created no session in {p.Failures} tries: {x.Reason}");
                await SubmitAsync(p, new AttemptFailed(p.Task, p.Obligation.Attempt, error, MayRun: true, LanesOf));
                return Performed.Wait;
            case CreateResult.Unreachable x:
                return new Performed.BackOff(x.Reason);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    private async Task<Performed> PromptAsync(Performance p, AgentTask task, Attempt attempt, CancellationToken cancellationToken)
    {
        var address = attempt.Address!;
        p.Listen(address);
        var prompt = await prompts.OfAttemptAsync(task, cancellationToken);
        var isBusy = false;
        p.LastError = OwnError(p);
        if (p.QuietSince is null && p.LastError is null) // what failed is read back before anything is sent again
        {
            switch (await DeliverAsync(p, address, prompt, crew => Starting(p, crew) is not null, cancellationToken))
            {
                case null:
                    return Performed.Wait;
                case DeliverResult.Sent:
                    p.OwnsErrors = true;
                    break;
                case DeliverResult.Busy:
                    (isBusy, p.OwnsErrors) = (true, false);
                    break;
                case DeliverResult.Unknown:
                    (p.QuietSince, p.OwnsErrors) = (Now, true);
                    break;
                case DeliverResult.NotSent x:
                    return new Performed.BackOff(x.Reason);
                case DeliverResult.Gone:
                    return await MissAsync(p, attempt.Session!.Value);
                case DeliverResult.Refused x:
                    return await FailAsync(p, x.Error);
            }
        }

        switch (await FindAsync(address, prompt.Key, cancellationToken))
        {
            case FindResult.Found x:
                await SubmitAsync(p, new PromptSeen(p.Task, p.Obligation.Attempt, x.Evidence));
                return Performed.Wait;
            case FindResult.NotFound when p.Misses > 0:
                (p.Misses, p.MissingSince) = (0, null);
                return new Performed.At(Now);
            case FindResult.NotFound when OwnError(p) is { } told:
                return await FailAsync(p, told, mayRun: true); // it may still arrive
            case FindResult.NotFound when p.QuietSince is { } since && p.LookedAfter(since) < QuietOf(p) && !Sabotage.SendsAgainAtOnce:
                return new Performed.At(since + QuietOf(p), MayArrive);
            case FindResult.NotFound when !isBusy && p.SendsUntraced + 1 >= (Sabotage.GivesUpAfterTwoSends ? 2 : MostSends):
                var error = new TaskError(FailureClass.Passing, "not-stored", $"{address} was sent its prompt {MostSends} times, and does not hold it.");
                await SubmitAsync(p, new AttemptFailed(p.Task, p.Obligation.Attempt, error, MayRun: true, LanesOf));
                return Performed.Wait;
            case FindResult.NotFound:
                p.QuietSince = null;
                p.SendsUntraced += isBusy ? 0 : 1;
                return new Performed.BackOff("the prompt was not found in the history");
            case FindResult.Gone:
                p.QuietSince ??= Now; // it may be there all the same: it is read back before it is sent again
                return await MissAsync(p, attempt.Session!.Value);
            case FindResult.Unreadable x:
                p.QuietSince ??= Now;
                return new Performed.BackOff(x.Reason);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    /// <summary>
    /// The harness cannot be asked for the prompt: it is claimed in the journal and then sent once. When it is not known whether it arrived, the session
    /// decides, which is this attempt's own: with its message there, or something that can only come of it, the prompt is there. What a person said there
    /// says nothing of it. Else it may still come, and is not sent again: the attempt is lost.
    /// </summary>
    private async Task<Performed> PromptOnceAsync(Performance p, AgentTask task, Attempt attempt, CancellationToken cancellationToken)
    {
        var address = attempt.Address!;
        p.Listen(address);
        if (p.Taken is not null)
        {
            await SubmitAsync(p, new PromptSeen(p.Task, p.Obligation.Attempt, "acknowledged"));
            return Performed.Wait;
        }

        if (attempt.DispatchedAt is null)
        {
            cancellationToken.ThrowIfCancellationRequested(); // a node that stops claims nothing more
            p.MaySend = Sabotage.SendsWithoutAClaim || await SubmitAsync(p, new DispatchPrompt(p.Task, p.Obligation.Attempt)) is Reply.Done;
        }

        if (p.MaySend)
        {
            var unhindered = Unhindered(p, address.Instance, cancellationToken);
            var prompt = await prompts.OfAttemptAsync(task, unhindered);
            switch (await DeliverAsync(p, address, prompt, crew => Starting(p, crew) is not null, unhindered))
            {
                case null:
                    return Performed.Wait;
                case DeliverResult.Sent:
                    p.Taken = (p.Obligation.Attempt, null);
                    await SubmitAsync(p, new PromptSeen(p.Task, p.Obligation.Attempt, "acknowledged"));
                    return Performed.Wait;
                case DeliverResult.Busy x:
                    return await WithdrawAsync(p, x.Reason);
                case DeliverResult.NotSent x:
                    return await WithdrawAsync(p, x.Reason);
                case DeliverResult.Gone:
                    await WithdrawAsync(p, "session-missing");
                    return await MissAsync(p, attempt.Session!.Value);
                case DeliverResult.Refused x:
                    return await FailAsync(p, x.Error);
            }
        }

        var since = p.QuietSince ??= Now;
        switch (await InspectAsync(address, cancellationToken))
        {
            case InspectResult.Seen x when HasArrived(x.Inspection):
                await SubmitAsync(p, new PromptSeen(
                    p.Task, p.Obligation.Attempt, x.Inspection.Messages.FirstOrDefault(m => m.Origin != MessageOrigin.Person) is { } first ? $"seen at work, {first.Id}" : "seen at work"));
                return Performed.Wait;
            case InspectResult.Seen { Inspection.Activity: Activity.Working }:
                return new Performed.At(Now + Options.LookAgain, "somebody else is at work in its session");
            case InspectResult.Seen when p.LookedAfter(since) < Rules.ReadBackQuiet:
                return new Performed.At(since + Rules.ReadBackQuiet, MayArrive);
            case InspectResult.Seen:
                await SubmitAsync(p, new AttemptLost(
                    p.Task, p.Obligation.Attempt, "prompt-unknown",
                    $"Whether the prompt reached {address} is not known, and {task.Spec.Instance} cannot be asked. Check for side effects before it is run again."));
                return Performed.Wait;
            case InspectResult.Missing:
                return await MissAsync(p, attempt.Session!.Value);
            case InspectResult.Unreadable x:
                p.QuietSince = null;
                return new Performed.BackOff(x.Reason);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    /// <summary>Its message is there, or what is there can only come of it.</summary>
    private static bool HasArrived(Inspection seen) =>
        seen.Messages.Any(m => m.Origin == MessageOrigin.Rouse)
        || (!seen.Messages.Any(m => m.Origin == MessageOrigin.Person) && (seen.Activity == Activity.Working || !seen.Messages.IsEmpty));

    /// <summary>Nothing was sent: the next life of the node must know it too.</summary>
    private async Task<Performed> WithdrawAsync(Performance p, string reason)
    {
        p.MaySend = true; // also while the store cannot take the claim back
        await SubmitAsync(p, new WithdrawPrompt(p.Task, p.Obligation.Attempt));
        return new Performed.BackOff(reason);
    }

    /// <summary>The error that was told of the prompt: one that is not in the history has no turn that anybody could have stopped.</summary>
    private static TaskError? OwnError(Performance p) => p.OwnsErrors && p.LastError is { Class: not FailureClass.Aborted } error ? error : null;

    private async Task<Performed> FailAsync(Performance p, TaskError error, bool mayRun = false)
    {
        await SubmitAsync(p, new AttemptFailed(p.Task, p.Obligation.Attempt, error, mayRun, LanesOf));
        return Performed.Wait;
    }

    private async Task<(Crew Crew, AgentTask Task)?> StartingAsync(Performance p)
    {
        var crew = await ReadAsync(p);
        return Starting(p, crew) is { } task ? (crew, task) : null;
    }

    private static AgentTask? Starting(Performance p, Crew crew) =>
        crew.Find(p.Task) is { Status: AgentTaskStatus.Starting } task && task.Current.Number == p.Obligation.Attempt ? task : null;
}
