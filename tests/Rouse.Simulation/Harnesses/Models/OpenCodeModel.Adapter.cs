using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What the adapter asks for each call, and what it makes of the answers.</summary>
public sealed partial class OpenCodeModel
{
    /// <summary>A creation whose answer was lost may still be at work for this long.</summary>
    private static readonly TimeSpan CreationQuiet = TimeSpan.FromSeconds(5);

    /// <summary>How long an aborted session must stay idle.</summary>
    private static readonly TimeSpan AbortQuiet = TimeSpan.FromMilliseconds(800);

    private static readonly TimeSpan AbortDeadline = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks at a turn that may just be ending, and how often it is looked at.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    private const int MostLooks = 4;

    private Memory _memory = new();

    internal override void ForgetCaller() => _memory = new Memory();

    internal override int RequestsOf(string call) => call switch
    {
        "deliver" => 3,
        "create" or "inspect" or "abort" => 2,
        _ => 1,
    };

    /// <summary>Looks for the key first, then creates.</summary>
    internal override async Task<CreateResult> CreateAsync(SimWay way, NewSession spec)
    {
        var memory = _memory;
        if (memory.Created.TryGetValue(spec.Key, out var before))
        {
            return before;
        }

        var find = await way.AskAsync(() => new Found(_byKey.GetValueOrDefault(spec.Key)));
        if (!find.TryGet(out var found))
        {
            return new CreateResult.Unreachable(Reason(find.NotSent));
        }

        if (found.Session is { } known)
        {
            return Remember(known);
        }

        if (memory.Uncertain.TryGetValue(spec.Key, out var until) && Harness.Time.GetUtcNow() < until)
        {
            return new CreateResult.Unreachable("an earlier creation may still be under way");
        }

        if (Refusal(spec.Agent, spec.Model) is { } error)
        {
            return new CreateResult.Refused(error);
        }

        var create = await way.AskAsync(() => Create(spec));
        if (create.TryGet(out var created))
        {
            return Remember(created);
        }

        if (!create.NotSent)
        {
            memory.Uncertain[spec.Key] = Harness.Time.GetUtcNow() + CreationQuiet;
        }

        return new CreateResult.Unreachable(Reason(create.NotSent));

        CreateResult.Created Remember(SimSession session)
        {
            memory.Uncertain.Remove(spec.Key);
            return memory.Created[spec.Key] = new CreateResult.Created(session.Address, spec.Directory);
        }
    }

    /// <summary>Between the look, the storing and the running a person or a turn may begin; then the prompt joins that turn.</summary>
    internal override async Task<DeliverResult> DeliverAsync(SimWay way, Address address, Prompt prompt)
    {
        var look = await way.AskAsync(() => Look(address, prompt.Key));
        if (!look.TryGet(out var seen))
        {
            return new DeliverResult.NotSent(Reason(look.NotSent));
        }

        if (seen.Session is not { } session)
        {
            return new DeliverResult.Gone();
        }

        if (seen.Begun)
        {
            return new DeliverResult.Sent();
        }

        if (seen.Working)
        {
            return new DeliverResult.Busy(seen.Retrying ?? "another turn runs in the session");
        }

        var store = await way.AskAsync<object>(() =>
            Harness.Find(address.Id) is null ? new DeliverResult.Gone() : Reject(session, Refusal(prompt.Agent, model: null)) ?? (object)Store(session, prompt));
        if (!store.TryGet(out var stored))
        {
            return store.NotSent && seen.Stored is null ? new DeliverResult.NotSent("connection refused") : new DeliverResult.Unknown("connection reset");
        }

        if (stored is not SimMessage message)
        {
            return (DeliverResult)stored;
        }

        var run = await way.AskAsync<DeliverResult>(() =>
        {
            if (Harness.Find(address.Id) is null)
            {
                return new DeliverResult.Gone();
            }

            if (Reject(session, Refusal(agent: null, prompt.Model)) is null)
            {
                Run(session, message);
            }

            return new DeliverResult.Sent();
        });
        return run.TryGet(out var ran) ? ran : new DeliverResult.Unknown("the prompt is stored; whether it runs is not known");
    }

    internal override async Task<FindResult> FindAsync(SimWay way, Address address, string key)
    {
        var find = await way.AskAsync<FindResult>(() => Look(address, key) switch
        {
            { Session: null } => new FindResult.Gone(),
            { Stored: { } stored } look => new FindResult.Found(stored.Id, look.Begun),
            _ => new FindResult.NotFound(),
        });
        return find.TryGet(out var found) ? found : new FindResult.Unreadable(Reason(find.NotSent), find.NotSent);
    }

    /// <summary>
    /// Status and history are two requests. Idle beside an answer without an end is believed only when the status is idle still and the history shows the
    /// same a moment later.
    /// </summary>
    internal override async Task<InspectResult> InspectAsync(SimWay way, Address address)
    {
        SimMessage? loose = null;
        for (var look = 1; ; look++)
        {
            var status = await way.AskAsync(() => Harness.TruthOf(address.Id));
            if (!status.TryGet(out var now))
            {
                return Unreadable(status.NotSent);
            }

            if (!now.Exists)
            {
                way.Truth = now;
                return new InspectResult.Missing();
            }

            if (!now.Working && loose is not null)
            {
                await way.PauseAsync(Settling);
            }

            var read = await way.AskAsync(() => Read(way, address));
            if (!read.TryGet(out var history))
            {
                return Unreadable(read.NotSent);
            }

            if (history.Inspection is not { } inspection)
            {
                return new InspectResult.Missing();
            }

            var isSteady = now.Working || history.Loose is null || history.Loose == loose;
            if (isSteady || look == MostLooks)
            {
                return new InspectResult.Seen(inspection with
                {
                    At = Harness.Time.GetUtcNow(), Activity = now.Working || !isSteady ? Activity.Working : Activity.Idle,
                    OpenQuestion = now.Working ? inspection.OpenQuestion : null, Retrying = now.Working ? inspection.Retrying : null,
                });
            }

            loose = history.Loose;
        }
    }

    /// <summary>Aborts until the session was seen idle and stayed so; also where it was deleted, for that does not stop its turn.</summary>
    internal override async Task<AbortResult> AbortAsync(SimWay way, Address address)
    {
        var until = Harness.Time.GetUtcNow() + AbortDeadline;
        while (true)
        {
            var abort = await way.AskAsync(() =>
            {
                if (Harness.FindRunning(address.Id) is { } session)
                {
                    Abort(session);
                }

                return Harness.TruthOf(address.Id);
            });
            if (!abort.TryGet(out _))
            {
                return new AbortResult.NotSeen(Reason(abort.NotSent));
            }

            await way.PauseAsync(AbortQuiet);
            var status = await way.AskAsync(() => Harness.TruthOf(address.Id));
            if (!status.TryGet(out var now))
            {
                return new AbortResult.NotSeen(Reason(status.NotSent));
            }

            if (!now.Working)
            {
                return new AbortResult.Ended(now.Exists ? "idle" : "gone");
            }

            if (Harness.Time.GetUtcNow() > until)
            {
                return new AbortResult.NotSeen("the session still works after it was told to stop");
            }
        }
    }

    private LookedAt Look(Address address, string key)
    {
        var session = Harness.Find(address.Id);
        var stored = session?.Messages.Find(key);
        return new LookedAt(session, stored, stored is not null && session!.Messages.IsBegun(stored), session?.Working ?? false, session?.Retrying);
    }

    private History Read(SimWay way, Address address)
    {
        Harness.NoteTruth(way, address);
        if (Harness.Find(address.Id) is not { } session)
        {
            return new History(null, null);
        }

        var newest = session.Messages.NewestAnswer;
        return new History(Inspect(session), newest is { Ended: false } or { ToolOpen: true } or { CallsTools: true, Error: null } ? newest : null);
    }

    /// <summary>An unknown agent is told as an error before anything is stored, an unknown model after it; no turn begins for either.</summary>
    private DeliverResult.Refused? Reject(SimSession session, TaskError? error)
    {
        if (error is null)
        {
            return null;
        }

        Harness.Say(new HarnessSignal.Failed(session.Address.Id, error));
        Harness.Say(new HarnessSignal.Failed(session.Address.Id, error));
        return new DeliverResult.Refused(error);
    }

    private TaskError? Refusal(string? agent, string? model) =>
        agent is not null && Unknown.Contains(agent) ? new TaskError(FailureClass.Request, "unknown-agent", $"Agent not found: {agent}.")
        : model is not null && Unknown.Contains(model) ? new TaskError(FailureClass.Provider, "unknown-model", $"Model not found: {model}.")
        : null;

    /// <summary>What the adapter keeps of creations; it dies with its node.</summary>
    private sealed class Memory
    {
        public Dictionary<string, CreateResult.Created> Created { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, DateTimeOffset> Uncertain { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Found(SimSession? Session);

    private sealed record LookedAt(SimSession? Session, SimMessage? Stored, bool Begun, bool Working, string? Retrying);

    /// <param name="Loose">The newest answer, where it has no end.</param>
    private sealed record History(Inspection? Inspection, SimMessage? Loose);
}
