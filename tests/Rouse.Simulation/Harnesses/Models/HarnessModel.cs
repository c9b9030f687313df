using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// What one kind of harness does with prompts, and what its adapter makes of it. Rouse sees both through one port: the model shows what adapter and
/// harness show together. Here is what most kinds have in common.
/// </summary>
public abstract class HarnessModel
{
    public abstract HarnessGrade Grade { get; }

    protected SimHarness Harness { get; private set; } = null!;

    /// <summary>Whether its histories tell Rouse's prompts apart.</summary>
    protected virtual bool ShowsKeys => true;

    /// <summary>A tool's own process goes on when the harness's dies, and finishes its work.</summary>
    internal virtual bool ToolsOutliveTheProcess => false;

    /// <summary>What an open message held is lost with the process.</summary>
    internal virtual bool LosesTextOfTheDead => false;

    internal virtual bool TurnsOutliveDeletion => false;

    internal virtual bool DeletesBelow => false;

    internal void Serve(SimHarness harness) => Harness = harness;

    /// <summary>How many requests the adapter makes for a call, where nothing cuts it short.</summary>
    internal virtual int RequestsOf(string call) => 1;

    internal abstract Task<CreateResult> CreateAsync(SimWay way, NewSession spec);

    internal abstract Task<DeliverResult> DeliverAsync(SimWay way, Address address, Prompt prompt);

    internal abstract Task<FindResult> FindAsync(SimWay way, Address address, string key);

    internal virtual async Task<InspectResult> InspectAsync(SimWay way, Address address)
    {
        var look = await way.AskAsync(() => Look(way, address));
        return look.TryGet(out var seen) ? seen : Unreadable(look.NotSent);
    }

    internal virtual async Task<AbortResult> AbortAsync(SimWay way, Address address)
    {
        var stop = await way.AskAsync<AbortResult>(() =>
        {
            if (Harness.Find(address.Id) is not { } session)
            {
                return new AbortResult.Ended("gone");
            }

            Harness.Stop(session);
            return new AbortResult.Ended("seen idle");
        });
        return stop.TryGet(out var ended) ? ended : new AbortResult.NotSeen(Reason(stop.NotSent));
    }

    /// <summary>Somebody other than Rouse stored a prompt.</summary>
    internal virtual void Prompted(SimSession session, SimMessage prompt)
    {
        if (!session.Working)
        {
            Harness.TakeTurn(session, prompt);
        }
    }

    /// <summary>A turn comes to a step: whatever has been stored meanwhile may join it.</summary>
    internal virtual void TakeUpWaiting(SimTurn turn)
    {
    }

    /// <summary>What the running turn goes on with, instead of ending.</summary>
    internal virtual SimMessage? Joined(SimSession session) => null;

    /// <summary>A turn has ended: a person's message that came meanwhile is next.</summary>
    internal virtual void Ended(SimSession session)
    {
        if (session.Messages is [.., { Origin: MessageOrigin.Person } waiting])
        {
            Harness.TakeTurn(session, waiting);
        }
    }

    internal virtual void SayBegan(SimSession session) => Harness.SayChanged(session);

    /// <param name="retried">It was waiting to try a failed model call again.</param>
    internal virtual void SayEnded(SimSession session, SimTurn turn, bool retried) => Harness.SayChanged(session);

    internal virtual void Deleted(SimSession session)
    {
    }

    /// <summary>Its process is up again.</summary>
    internal virtual void Booted()
    {
    }

    internal virtual void ForgetCaller()
    {
    }

    protected Inspection Inspect(SimSession session) => new()
    {
        At = Harness.Time.GetUtcNow(),
        Activity = session.Working ? Activity.Working : Activity.Idle,
        Messages = session.Messages.Window(ShowsKeys),
        OpenQuestion = session.OpenQuestion,
        PersonTyping = session.PersonTyping,
        OpenTodos = [.. session.Todos],
        Retrying = session.Retrying,
    };

    protected static InspectResult Unreadable(bool notSent) => new InspectResult.Unreadable(Reason(notSent), notSent);

    protected static string Reason(bool notSent) => notSent ? "connection refused" : "no answer";

    private InspectResult Look(SimWay way, Address address)
    {
        Harness.NoteTruth(way, address);
        return Harness.Find(address.Id) is { } session ? new InspectResult.Seen(Inspect(session)) : new InspectResult.Missing();
    }
}
