using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>Stops the session of an attempt, and what hangs below it, and sees them ended; until then the attempt keeps its slots.</summary>
internal sealed class AbortPerformer(CrewHost crews, InstanceLinks links, Prompts prompts, EngineOptions options, SteadyTime time)
    : PerformerBase(crews, links, options, time), IPerformer
{
    public ObligationKind Kind => ObligationKind.Abort;

    public async Task<Performed> PerformAsync(Performance p, CancellationToken cancellationToken)
    {
        var crew = await ReadAsync(p);
        if (crew.Find(p.Task) is not { } task || task.Attempts.FirstOrDefault(a => a.Number == p.Obligation.Attempt) is not { AbortOwed: true } attempt)
        {
            return Performed.Wait;
        }

        if (Links.Of(task.Spec.Instance).IsLost)
        {
            // It stays owed, and is performed when the instance is back.
            return Performed.WaitForInstance;
        }

        return attempt.Session is { } session
            ? await StopAsync(p, [.. crew.Under(session).Select(s => crew.Find(s)!.Address)], attempt, cancellationToken)
            : await FindChildAsync(p, crew, task, attempt, cancellationToken);
    }

    /// <summary>
    /// The attempt was stopped while its session was being created: whether there is one is known by its key, and only a session that is known can
    /// be seen ended. A harness that has none makes an empty one, which is idle.
    /// </summary>
    private async Task<Performed> FindChildAsync(Performance p, Crew crew, AgentTask task, Attempt attempt, CancellationToken cancellationToken)
    {
        var session = await prompts.SessionOfAsync(crew, task, attempt, cancellationToken);
        switch (await Links.Of(task.Spec.Instance).CallAsync((h, ct) => h.CreateSessionAsync(session, ct), cancellationToken))
        {
            case CreateResult.Created x:
                await SubmitAsync(p, new ChildSeen(p.Task, attempt.Number, x.Address, x.Directory));
                return new Performed.At(Now);
            case CreateResult.Refused x:
                await SubmitAsync(p, new AttemptStopped(p.Task, attempt.Number, $"no session was created: {x.Error.Reason}", Output: null));
                return Performed.Wait;
            case CreateResult.Unreachable x:
                return new Performed.BackOff(x.Reason);
            case var other:
                throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
        }
    }

    /// <param name="addresses">
    /// The attempt's own first, which may open more of them. The others are registered below it: a wake's turn in one of them is no part of its turn. Those
    /// of other instances are stopped where they can be reached, and hold up nothing.
    /// </param>
    private async Task<Performed> StopAsync(Performance p, ImmutableArray<Address> addresses, Attempt attempt, CancellationToken cancellationToken)
    {
        var (evidence, wait) = ("", TimeSpan.Zero);
        foreach (var address in Sabotage.StopsOnlyTheSessionItself ? addresses[..1] : addresses)
        {
            var isOwn = address.Instance == addresses[0].Instance;
            if (Links.Find(address.Instance) is not { } link || !(isOwn || link.IsUp))
            {
                continue;
            }

            var (result, left) = await AbortAsync(link, address, cancellationToken);
            wait = left > wait ? left : wait;
            switch (Sabotage.BelievesAnAbortThatWasNotSeen && result is AbortResult.NotSeen n ? new AbortResult.Ended(n.Reason) : result)
            {
                case AbortResult.Ended x:
                    evidence = address == addresses[0] ? x.Evidence : evidence;
                    break;
                case AbortResult.NotSeen when !isOwn:
                    break;
                case AbortResult.NotSeen x:
                    return new Performed.BackOff(x.Reason);
                case var other:
                    throw new InvalidOperationException($"'{other.GetType().Name}' is not handled.");
            }
        }

        if (wait > TimeSpan.Zero)
        {
            // A prompt of ours may still be on its way, and would start the work again in a session that nobody watches: once more after that.
            return new Performed.At(Now + wait, MayArrive);
        }

        await SubmitAsync(p, new AttemptStopped(p.Task, p.Obligation.Attempt, evidence, await OutputAsync(addresses[0], p.Task, attempt, cancellationToken)));
        return Performed.Wait;
    }

    /// <returns>Left: for how long a prompt may come after it. As of when it began, for what comes before its end is heard need not be stopped by it.</returns>
    private static async Task<(AbortResult Result, TimeSpan Left)> AbortAsync(InstanceLink link, Address address, CancellationToken cancellationToken)
    {
        var left = TimeSpan.Zero;
        var result = await link.AloneAsync(
            address.Id,
            () => link.CallAsync(
                (h, ct) =>
                {
                    left = link.Unknown.WaitFor(address.Id);
                    return h.AbortAsync(address, ct);
                },
                cancellationToken),
            cancellationToken);
        return (result, left);
    }

    private async Task<string?> OutputAsync(Address address, TaskId task, Attempt attempt, CancellationToken cancellationToken) =>
        await InspectAsync(address, cancellationToken) is InspectResult.Seen { Inspection: var seen }
            ? AttemptVerdict.LastWords(seen, Crew.AttemptKey(task, attempt.Number), isPrompted: attempt.AdmittedAt is not null)
            : null;
}
