using System.Runtime.CompilerServices;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Memory;

/// <summary>An adapter for <see cref="MemoryAgents"/>, as poor as it is told to be.</summary>
internal sealed class MemoryHarness(MemoryAgents agents, Poverty poverty, DeliveryGrade claimed, MemoryFault? fault = null) : IHarness
{
    public string Instance => "memory@test";

    public HarnessGrade Grade => new(claimed, "It is for the tests of the grading.", "memory", AccountsUsage: false);

    public ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken)
    {
        CreateResult result = Call(BrokenCall.Creation, () => agents.Create(session.Key), out var id) switch
        {
            Outcome.Answered => new CreateResult.Created(new Address(Instance, id!), Directory: null),
            _ => new CreateResult.Unreachable("The connection failed."),
        };
        return ValueTask.FromResult(result);
    }

    public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken)
    {
        if (Call(BrokenCall.Every, () => agents.Read(session.Id), out var history) != Outcome.Answered)
        {
            return ValueTask.FromResult<DeliverResult>(new DeliverResult.NotSent("The connection failed."));
        }

        if (history is null)
        {
            return ValueTask.FromResult<DeliverResult>(new DeliverResult.Gone());
        }

        DeliverResult result = Call(BrokenCall.Delivery, () => Store(session, prompt), out _) switch
        {
            Outcome.Answered => new DeliverResult.Sent(),
            Outcome.Lost when !poverty.HasFlag(Poverty.NoDoubt) => new DeliverResult.Unknown("The connection was lost."),
            _ => new DeliverResult.NotSent("The connection failed."),
        };
        return ValueTask.FromResult(result);
    }

    public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken)
    {
        FindResult result = Call(BrokenCall.Every, () => agents.Read(session.Id), out var history) != Outcome.Answered
            ? poverty.HasFlag(Poverty.NoUnreadable) ? new FindResult.NotFound() : new FindResult.Unreadable("The connection failed.", InstanceDown: true)
            : poverty.HasFlag(Poverty.NoReadBack) ? new FindResult.Unreadable("This harness has no read-back.", InstanceDown: false)
            : history is not { } messages ? new FindResult.Gone()
            : messages.FirstOrDefault(m => m.Key == key) is { } found ? new FindResult.Found(found.Id, Begun: true)
            : new FindResult.NotFound();
        return ValueTask.FromResult(result);
    }

    public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken)
    {
        InspectResult result = Call(BrokenCall.Every, () => agents.Read(session.Id), out var history) != Outcome.Answered
            ? new InspectResult.Unreadable("The connection failed.", InstanceDown: true)
            : history is { } messages ? new InspectResult.Seen(new Inspection { At = default, Activity = Activity.Idle, Messages = messages })
            : new InspectResult.Missing();
        return ValueTask.FromResult(result);
    }

    public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new HarnessSignal.Connected();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken)
    {
        AbortResult result = Call(BrokenCall.Every, () => agents.Read(session.Id), out _) == Outcome.Answered
            ? new AbortResult.Ended("Turns end at once.")
            : new AbortResult.NotSeen("The connection failed.");
        return ValueTask.FromResult(result);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool Store(Address session, Prompt prompt) =>
        !poverty.HasFlag(Poverty.NoEntry) && agents.Store(session.Id, prompt.Key, prompt.Text, once: !poverty.HasFlag(Poverty.NoLookFirst));

    private Outcome Call<T>(BrokenCall kind, Func<T> act, out T? answer)
    {
        answer = default;
        if (fault?.Meets(kind) != true)
        {
            answer = act();
            return Outcome.Answered;
        }

        if (fault.How == Breakage.Refused)
        {
            return Outcome.NotSent;
        }

        act();
        return Outcome.Lost;
    }

    private enum Outcome
    {
        Answered,
        NotSent,
        Lost,
    }
}
