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
        UntilAsync(world.Harness, session, condition);

    /// <summary>A session of one prompt once that is answered. It asks for no key: not every adapter reads them back.</summary>
    /// <param name="by">The world's own adapter when not given.</param>
    public static Task<Inspection> AnsweredAsync(this HarnessWorld world, Address session, IHarness? by = null) => UntilAsync(
        by ?? world.Harness, session, i => i.Activity == Activity.Idle && i.Messages.Any(m => m.Origin == MessageOrigin.Agent && m.Ended));

    /// <summary>The session once it is idle with an answer after the message of that key.</summary>
    public static Task<Inspection> IdleAsync(this HarnessWorld world, Address session, string key) =>
        world.SeeUntilAsync(session, i => i.Activity == Activity.Idle
            && i.Messages.SkipWhile(m => m.Key != key).Any(m => m.Origin == MessageOrigin.Agent && m.Ended));

    /// <summary>A look that failed, as on a machine that is busy, is followed by the next one.</summary>
    private static async Task<Inspection> UntilAsync(IHarness by, Address session, Func<Inspection, bool> condition)
    {
        var seen = await Eventually.HoldsAsync(
            async c => await by.InspectAsync(session, c),
            r => r is InspectResult.Missing || (r is InspectResult.Seen { Inspection: var inspection } && condition(inspection)),
            TimeSpan.FromSeconds(60), Cancelled);
        return seen is InspectResult.Seen { Inspection: var fits } ? fits : throw new InvalidOperationException($"Not seen: {seen}");
    }
}

internal sealed record FoundState(bool Found, bool Begun);
