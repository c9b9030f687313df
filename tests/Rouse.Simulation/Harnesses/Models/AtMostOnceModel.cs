using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A harness that keeps no keys, as most command lines do: creating twice makes two sessions, delivering twice makes two entries, and nobody can ask
/// it whether a prompt arrived. Its histories tell who wrote a message, and not under which key.
/// </summary>
public sealed class AtMostOnceModel : HarnessModel
{
    public override HarnessGrade Grade { get; } = new(DeliveryGrade.AtMostOnce, "it keeps no keys", "sim-cli", AccountsUsage: false);

    protected override bool ShowsKeys => false;

    internal override async Task<CreateResult> CreateAsync(SimWay way, NewSession spec)
    {
        var create = await way.AskAsync(() => new CreateResult.Created(Harness.Create(spec).Address, spec.Directory));
        return create.TryGet(out var created) ? created : new CreateResult.Unreachable(Reason(create.NotSent));
    }

    internal override async Task<DeliverResult> DeliverAsync(SimWay way, Address address, Prompt prompt)
    {
        var deliver = await way.AskAsync(() => Take(address, prompt));
        return deliver.TryGet(out var taken) ? taken : deliver.NotSent ? new DeliverResult.NotSent("connection refused") : new DeliverResult.Unknown("connection reset");
    }

    internal override Task<FindResult> FindAsync(SimWay way, Address address, string key) =>
        throw new InvalidOperationException($"{Grade.Route} keeps no keys: it must not be asked for {key}.");

    private DeliverResult Take(Address address, Prompt prompt)
    {
        if (Harness.Find(address.Id) is not { } session)
        {
            return new DeliverResult.Gone();
        }

        if (session.Working)
        {
            return new DeliverResult.Busy("a turn runs");
        }

        Harness.TakeTurn(session, Harness.Store(session, MessageOrigin.Rouse, prompt.Key, prompt.Text));
        return new DeliverResult.Sent();
    }
}
