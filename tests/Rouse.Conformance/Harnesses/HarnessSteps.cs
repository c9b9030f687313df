using Rouse.Core;
using Rouse.Engine;
using Rouse.EndToEnd.OpenCode;

namespace Rouse.Conformance.Harnesses;

/// <summary>The steps that the tests of harnesses are told in.</summary>
internal static class HarnessSteps
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Address Unknown(this HarnessWorld world) => new(world.Harness.Instance, world.UnknownSession);

    public static async Task<Address> CreateAsync(this HarnessWorld world, NewSession session)
    {
        var created = await world.Harness.CreateSessionAsync(session, Cancelled);
        return created is CreateResult.Created { Address: var address } ? address : throw new InvalidOperationException($"Not created: {created}");
    }

    /// <param name="whenBusy">Whether a running turn may be met.</param>
    public static async Task DeliverAsync(this HarnessWorld world, Address session, Prompt prompt, bool whenBusy = false)
    {
        var result = await world.Harness.DeliverAsync(session, prompt, Cancelled);
        Assert.True(result is DeliverResult.Sent || (whenBusy && result is DeliverResult.Busy), $"Not delivered: {result}");
    }

    /// <summary>Delivers it and waits for the end of the turn.</summary>
    public static async Task RunAsync(this HarnessWorld world, Address session, Prompt prompt)
    {
        await world.DeliverAsync(session, prompt);
        await world.IdleAsync(session, prompt.Key);
    }

    public static async Task<FoundState> FindAsync(this HarnessWorld world, Address session, string key) =>
        await world.Harness.FindDeliveryAsync(session, key, Cancelled) switch
        {
            FindResult.Found found => new FoundState(Found: true, found.Begun),
            FindResult.NotFound => new FoundState(Found: false, Begun: false),
            var other => throw new InvalidOperationException($"Not read: {other}"),
        };

    public static async Task<Inspection> SeeAsync(this HarnessWorld world, Address session)
    {
        var result = await world.Harness.InspectAsync(session, Cancelled);
        return result is InspectResult.Seen { Inspection: var seen } ? seen : throw new InvalidOperationException($"Not seen: {result}");
    }

    public static Task<Inspection> SeeUntilAsync(this HarnessWorld world, Address session, Func<Inspection, bool> condition) =>
        Eventually.HoldsAsync(_ => world.SeeAsync(session), condition, TimeSpan.FromSeconds(30), Cancelled);

    /// <summary>The session once it is idle with an answer after the message of that key.</summary>
    public static Task<Inspection> IdleAsync(this HarnessWorld world, Address session, string key) =>
        world.SeeUntilAsync(session, i => i.Activity == Activity.Idle
            && i.Messages.SkipWhile(m => m.Key != key).Any(m => m.Origin == MessageOrigin.Agent && m.Ended));
}

internal sealed record FoundState(bool Found, bool Begun);
