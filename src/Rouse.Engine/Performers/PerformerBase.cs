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

    /// <summary>Looks in a row that may grow old before the session counts as unreadable: its place is not kept for ever.</summary>
    private const int MostLooks = 3;

    /// <summary>Sends that were taken and left no trace, over some twenty minutes, after which people are asked to look.</summary>
    protected const int MostSends = 10;

    /// <summary>Why nothing is decided yet, as explain says it.</summary>
    protected const string MayArrive = "a prompt may still arrive";

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

    /// <summary>Whether a key can be looked for in the histories of an instance. Where it cannot, nothing is ever sent twice.</summary>
    protected bool CanAsk(string instance) => links.Of(instance).Harness.Grade.Delivery != DeliveryGrade.AtMostOnce;

    /// <summary>
    /// A stop breaks off what can be asked for when the node is back. Where it cannot, what was claimed would be lost by it: the stop waits instead, for
    /// as long as whoever asked for it does.
    /// </summary>
    protected CancellationToken Unhindered(Performance p, string instance, CancellationToken cancellationToken) =>
        CanAsk(instance) || Sabotage.BreaksOffWhatItClaimed ? cancellationToken : p.CutOff;

    protected Task<Reply> SubmitAsync(Performance p, Input input) => crews.SubmitAsync(p.Crew, input);

    protected Task<InspectResult> InspectAsync(Address address, CancellationToken cancellationToken) => links.Of(address.Instance).LookAsync(address, cancellationToken);

    protected ValueTask<FindResult> FindAsync(Address address, string key, CancellationToken cancellationToken) =>
        new(links.Of(address.Instance).CallAsync((h, ct) => h.FindDeliveryAsync(address, key, ct), cancellationToken));

    /// <summary>
    /// Sends what is still wanted when nobody else prompts or stops the session. Null when it is wanted no more: the session is being stopped, or
    /// the wake is over. That is asked when its turn has come, because it may have waited long for one of the instance's places.
    /// </summary>
    protected Task<DeliverResult?> DeliverAsync(Performance p, Address address, Prompt prompt, Func<Crew, bool> isWanted, CancellationToken cancellationToken) =>
        AloneAsync(
            address,
            async (h, ct) => isWanted(await ReadAsync(p)) || Sabotage.PromptsWhatIsNoLongerWanted
                ? await DispatchAsync(p, h, address, prompt, ct)
                : (DeliverResult?)null,
            cancellationToken);

    /// <summary>
    /// The one way through the gate: looks, asks whether it is still wanted, and sends, in one go. Nothing that waits for a place stands between the look
    /// and the dispatch.
    /// </summary>
    /// <param name="record">
    /// Puts on record what must be there before it is sent, given the newest message of the look, and says whether it is; null for nothing. As that takes
    /// time, it is looked at again after it; what is on record and not sent then counts as <see cref="DeliverResult.NotSent"/>.
    /// </param>
    protected Task<Passage> PassGateAsync(
        Performance p, Address address, Prompt prompt, Func<Crew, bool> isWanted, CancellationToken cancellationToken, Func<string, Task<bool>>? record = null) =>
        AloneAsync<Passage>(
            address,
            async (h, ct) =>
            {
                var (why, after) = await LookAsync(p, address, isWanted, ct);
                if (why is not null || record is null)
                {
                    return why ?? new Passage.Passed(await DispatchAsync(p, h, address, prompt, ct), after);
                }

                if (!await record(after))
                {
                    return new Passage.Unwanted();
                }

                (why, var newest) = await LookAsync(p, address, isWanted, Unhindered(p, address.Instance, ct));
                return new Passage.Passed(
                    why is null && newest == after
                        ? await DispatchAsync(p, h, address, prompt, ct)
                        : new DeliverResult.NotSent($"while it was put on record: {why?.ToString() ?? "the session went on"}"),
                    after);
            },
            cancellationToken);

    /// <summary>
    /// Looks, and asks whether the prompt is wanted: says why it must not be sent, or null, and the newest message. A process that stood still
    /// meanwhile, or a store that was slow, has let the look grow old, or another look has found the gate closed while this one was on its way: then again.
    /// </summary>
    private async Task<(Passage? Why, string Newest)> LookAsync(
        Performance p, Address address, Func<Crew, bool> isWanted, CancellationToken cancellationToken)
    {
        var link = links.Of(address.Instance);
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var began = time.GetTimestamp();
            var look = await link.LookWithinCallAsync(address, cancellationToken);
            if (!Sabotage.JudgesTheGateOnAnOldLook && Closes(look) is { } closed)
            {
                return (closed, "");
            }

            if (!isWanted(await ReadAsync(p)) && !Sabotage.PromptsWhatIsNoLongerWanted)
            {
                return (new Passage.Unwanted(), "");
            }

            if (time.GetElapsedTime(began) <= InstanceLink.FreshLook && !(link.WasFoundClosedSince(address.Id, began) && !Sabotage.JudgesTheGateOnAnOldLook))
            {
                return (null, (look as InspectResult.Seen)?.Inspection.Messages.LastOrDefault()?.Id ?? "");
            }
        }

        return (new Passage.Unreadable("looks at it are out of date when they are heard"), "");
    }

    /// <summary>Null when the look says that the session may be prompted.</summary>
    private Passage? Closes(InspectResult look) => look switch
    {
        InspectResult.Missing => new Passage.Missing(),
        InspectResult.Unreadable x when !Sabotage.TakesUnreadableForIdle => new Passage.Unreadable(x.Reason),
        InspectResult.Seen x when Gate.Judge(x.Inspection, Rules) is GateVerdict.Closed closed => new Passage.Closed(closed.Reason, closed.LookAfter),
        _ => null,
    };

    private Task<T> AloneAsync<T>(Address address, Func<IHarness, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var link = links.Of(address.Instance);
        return link.AloneAsync(address.Id, () => link.CallAsync(work, cancellationToken), cancellationToken);
    }

    /// <summary>What is not answered by the dispatch deadline is unknown. The time that it waited for a place does not count: nothing was sent in it.</summary>
    private async Task<DeliverResult> DispatchAsync(Performance p, IHarness harness, Address address, Prompt prompt, CancellationToken cancellationToken)
    {
        cancellationToken = Unhindered(p, address.Instance, cancellationToken);
        using var deadline = new CancellationTokenSource(Sabotage.WaitsForAnAnswerForEver ? Timeout.InfiniteTimeSpan : options.DispatchDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        DeliverResult? result = null;
        // Used up now, and not by a store or a session that could not be read before: whatever breaks from here on, it may have gone out.
        (p.MaySend, p.UnsentLease) = (p.MaySend && Sabotage.SendsAgainWhatNobodyCanBeAskedFor, 0);
        try
        {
            result = await harness.DeliverAsync(address, prompt, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = new DeliverResult.Unknown($"no answer within {options.DispatchDeadline.TotalSeconds:0} s");
        }
        finally
        {
            if (result is null or DeliverResult.Unknown)
            {
                links.Of(address.Instance).Unknown.Add(address.Id);
            }
        }

        return result;
    }

    /// <summary>Whether the instance was away for longer than any outage is waited for: then the attempt ends as lost.</summary>
    protected async Task<bool> IsLostAsync(Performance p, string instance)
    {
        if (Links.Of(instance) is not { IsLost: true } link)
        {
            return false;
        }

        var reason = $"{instance} has been unreachable since {link.Since:O}: {link.Reason}. How the work ended is not known; check for side effects before it is run again.";
        await SubmitAsync(p, new AttemptLost(p.Task, p.Obligation.Attempt, "unreachable", reason));
        return true;
    }

    /// <summary>
    /// A look that finds a session missing proves nothing alone: gone is what is missing in several looks over a while, or what the harness
    /// itself reported as deleted.
    /// </summary>
    protected async Task<Performed> MissAsync(Performance p, SessionId session)
    {
        p.Misses++;
        var since = p.MissingSince ??= Now;
        if (p.DeletedReported || Sabotage.LosesASessionAfterOneMiss || (p.Misses >= Rules.GoneMisses && (p.LookedAfter(since) >= Rules.GoneAfter || Sabotage.LosesASessionInThreeLooks)))
        {
            await SubmitAsync(p, new SessionLost(session, p.DeletedReported));
            return Performed.Wait;
        }

        return new Performed.At(Now + MissingLook, "session-missing");
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
    protected static bool MayRunAgain(Performance p) => p.RunsAgain < MostRunsAgain;

    /// <summary>It is being run again: what failed before says nothing of this run.</summary>
    protected static void RunAgain(Performance p)
    {
        p.LastError = null;
        p.RunsAgain++;
    }

    /// <summary>
    /// Each send that left no trace doubles the quiet before the next one: a harness that loses for a while what it is sent loses nothing for good.
    /// </summary>
    protected TimeSpan QuietOf(Performance p)
    {
        var quiet = Rules.ReadBackQuiet * Math.Pow(2, Math.Min(p.SendsUntraced, 20));
        return quiet < options.LongestBackoff ? quiet : options.LongestBackoff;
    }

    /// <summary>Null when the prompt has been seen not begun for long enough to be run again; otherwise when to look again.</summary>
    protected Performed? AwaitBegin(Performance p)
    {
        var since = p.NotBegunSince ??= Now;
        if (p.LookedAfter(since) < NotBegunPatience)
        {
            return new Performed.At(since + NotBegunPatience, "its prompt was not begun");
        }

        p.NotBegunSince = null;
        return null;
    }
}
