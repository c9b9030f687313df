using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A harness with durable receipts: whatever comes twice under one key is done once, also when the network doubles it. It stores a prompt first and
/// runs it then.
/// </summary>
public sealed class ReceiptModel : HarnessModel
{
    private readonly Dictionary<string, SimSession> _created = new(StringComparer.Ordinal);

    public override HarnessGrade Grade { get; } = new(DeliveryGrade.ExactlyOnce, "it keeps a receipt for every key", "sim", AccountsUsage: false);

    internal override async Task<CreateResult> CreateAsync(SimWay way, NewSession spec)
    {
        var create = await way.AskAsync(() =>
        {
            if (!_created.TryGetValue(spec.Key, out var session))
            {
                session = _created[spec.Key] = Harness.Create(spec);
            }

            return new CreateResult.Created(session.Address, spec.Directory);
        });
        return create.TryGet(out var created) ? created : new CreateResult.Unreachable(Reason(create.NotSent));
    }

    internal override async Task<DeliverResult> DeliverAsync(SimWay way, Address address, Prompt prompt)
    {
        var deliver = await way.AskAsync(() => Take(address, prompt));
        return deliver.TryGet(out var taken) ? taken : deliver.NotSent ? new DeliverResult.NotSent("connection refused") : new DeliverResult.Unknown("connection reset");
    }

    internal override async Task<FindResult> FindAsync(SimWay way, Address address, string key)
    {
        var find = await way.AskAsync(() => Find(address, key));
        return find.TryGet(out var found) ? found : new FindResult.Unreadable(Reason(find.NotSent), find.NotSent);
    }

    private DeliverResult Take(Address address, Prompt prompt)
    {
        if (Harness.Find(address.Id) is not { } session)
        {
            return new DeliverResult.Gone();
        }

        if (session.Messages.Find(prompt.Key) is { } stored)
        {
            if (!session.Working && !session.Messages.IsBegun(stored))
            {
                Harness.TakeTurn(session, stored);
            }

            return new DeliverResult.Sent();
        }

        if (session.Working)
        {
            return new DeliverResult.Busy("a turn runs");
        }

        Harness.TakeTurn(session, Harness.Store(session, MessageOrigin.Rouse, prompt.Key, prompt.Text));
        return new DeliverResult.Sent();
    }

    private FindResult Find(Address address, string key) =>
        Harness.Find(address.Id) is not { } session ? new FindResult.Gone()
        : session.Messages.Find(key) is { } stored ? new FindResult.Found(stored.Id, session.Messages.IsBegun(stored))
        : new FindResult.NotFound();
}
