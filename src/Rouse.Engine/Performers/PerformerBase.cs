using System.Collections.Immutable;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>What the performers share: reading the crew, reaching an instance, counting misses.</summary>
/// <param name="time">Goes on steadily: what waits must wait no longer because somebody sets the clock.</param>
internal abstract class PerformerBase(CrewHost crews, InstanceLinks links, EngineOptions options, SteadyTime time)
{
    /// <summary>Between looks at a session that its harness does not know, until it counts as gone.</summary>
    private static readonly TimeSpan MissingLook = TimeSpan.FromSeconds(20);

    private const int MostRunsAgain = 5;

    /// <summary>A stored prompt that is still not begun after this is run again.</summary>
    private static readonly TimeSpan NotBegunPatience = TimeSpan.FromSeconds(5);

    protected CrewHost Crews => crews;

    protected InstanceLinks Links => links;

    protected EngineOptions Options => options;

    protected Rules Rules => options.Rules;

    protected DateTimeOffset Now => time.GetUtcNow();

    protected Func<string?, ImmutableArray<string>> LanesOf => options.Lanes.LanesOf;

    protected async Task<Crew> ReadAsync(Performance p) =>
        await crews.ReadAsync(p.Crew) ?? throw new InvalidOperationException($"The journal does not know {p.Crew}, which owes {p.Obligation.Key}.");

    protected Task<Reply> SubmitAsync(Performance p, Input input) => crews.SubmitAsync(p.Crew, input);

    protected ValueTask<InspectResult> InspectAsync(Address address, CancellationToken cancellationToken) =>
        new(links.Of(address.Instance).CallAsync((h, ct) => h.InspectAsync(address, ct), cancellationToken));

    protected ValueTask<FindResult> FindAsync(Address address, string key, CancellationToken cancellationToken) =>
        new(links.Of(address.Instance).CallAsync((h, ct) => h.FindDeliveryAsync(address, key, ct), cancellationToken));

    /// <summary>
    /// Sends what is still wanted when nobody else prompts or stops the session; what is not answered by the dispatch deadline is unknown. Null when it
    /// is wanted no more: the session is being stopped, or the wake is over.
    /// </summary>
    protected Task<DeliverResult?> DeliverAsync(Performance p, Address address, Prompt prompt, Func<Crew, bool> isWanted, CancellationToken cancellationToken) =>
        links.Of(address.Instance).AloneAsync(
            address.Id, async () => isWanted(await ReadAsync(p)) ? await DeliverAsync(address, prompt, cancellationToken) : null, cancellationToken);

    private async Task<DeliverResult> DeliverAsync(Address address, Prompt prompt, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.DispatchDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await links.Of(address.Instance).CallAsync((h, ct) => h.DeliverAsync(address, prompt, ct), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliverResult.Unknown($"no answer within {options.DispatchDeadline.TotalSeconds:0} s");
        }
    }

    /// <summary>Whether the instance was away for longer than any outage is waited for: then the attempt ends as lost.</summary>
    protected async Task<bool> IsLostAsync(Performance p, string instance)
    {
        if (Links.Of(instance) is not { IsLost: true } link)
        {
            return false;
        }

        var reason = $"{instance} has been unreachable since {link.Since:O}: {link.Reason}. How the work ended is not known; check for side effects before it is run again.";
        await SubmitAsync(p, new AttemptUnreachable(p.Task, p.Obligation.Attempt, reason));
        return true;
    }

    /// <summary>
    /// A look that finds a session missing proves nothing alone: gone is what is missing in several looks over a while, or what the harness
    /// itself reported as deleted.
    /// </summary>
    protected async Task<Performed> MissAsync(Performance p, SessionId session)
    {
        p.Misses++;
        p.MissingSince ??= Now;
        if (p.DeletedReported || (p.Misses >= Rules.GoneMisses && Now - p.MissingSince >= Rules.GoneAfter))
        {
            await SubmitAsync(p, new SessionLost(session, p.DeletedReported));
            return Performed.Wait;
        }

        p.Reason = "session-missing";
        return new Performed.At(Now + MissingLook);
    }

    protected static void Seen(Performance p, Inspection inspection)
    {
        p.Misses = 0;
        p.MissingSince = null;
        if (inspection.Activity == Activity.Working)
        {
            // What failed before this turn says nothing of it.
            p.LastError = null;
            p.NotBegunSince = null;
        }
    }

    /// <summary>A prompt that does not begin however often it is run does not become better by running it more: people are to look.</summary>
    protected static bool MayRunAgain(Performance p)
    {
        p.LastError = null;
        return ++p.RunsAgain <= MostRunsAgain;
    }

    /// <summary>Null when the prompt has been seen not begun for long enough to be run again; otherwise when to look again.</summary>
    protected Performed? AwaitBegin(Performance p)
    {
        p.NotBegunSince ??= Now;
        var until = p.NotBegunSince.Value + NotBegunPatience;
        if (Now < until)
        {
            return new Performed.At(until);
        }

        p.NotBegunSince = null;
        return null;
    }
}
