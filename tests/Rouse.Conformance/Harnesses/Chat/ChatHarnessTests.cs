using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>The promises of every harness, kept by the chat harness over SQLite.</summary>
public sealed class ChatHarnessTests(ChatStore store) : HarnessSuite, IClassFixture<ChatStore>
{
    /// <summary>It lives in this process and dies with it, so nobody sees it down; and the turn goes on where another harness's is dead.</summary>
    public override Task A_kill_leaves_a_turn_without_an_end_in_an_idle_session_and_the_watch_comes_back() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var gate = NewKey();
        var prompt = NewPrompt(world.Works(gate));
        await world.DeliverAsync(session, prompt);
        await world.WorksAsync(gate, Cancelled);

        await world.KillAsync();
        Assert.Equal(Activity.Working, (await world.SeeAsync(session)).Activity);
        await world.StartAgainAsync(Cancelled);
        world.Finish(gate);

        Assert.Equal(["done"], (await world.IdleAsync(session, prompt.Key)).Messages.Where(m => m.Origin == MessageOrigin.Agent).Select(m => m.Text));
        Assert.IsType<DeliverResult.Sent>(await world.Harness.DeliverAsync(session, prompt, Cancelled));
    });

    protected override Task<HarnessWorld> WorldAsync() => Task.FromResult(store.World);
}
