using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.AbortStops)]
    public Task An_abort_ends_the_turn_and_nothing_more_comes_of_it() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var gate = NewKey();
        var prompt = NewPrompt(world.Works(gate));
        await world.DeliverAsync(session, prompt);
        await world.WorksAsync(gate, Cancelled);

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
        var ended = await world.SeeAsync(session);
        Assert.Equal(Activity.Idle, ended.Activity);
        Assert.Equal(FailureClass.Aborted, ended.Messages.Last(m => m.Origin == MessageOrigin.Agent).Error?.Class);

        // A whole turn later, with the model free to go on, all is as it was.
        world.Finish(gate);
        await world.RunAsync(session, NewPrompt(world.Says("afterwards"), isWake: true));
        var later = await world.SeeAsync(session);
        Assert.Equal(ended.Messages, later.Messages[..ended.Messages.Length]);
        Assert.Equal(["afterwards"], later.Messages[ended.Messages.Length..].Where(m => m.Origin == MessageOrigin.Agent).Select(m => m.Text));
        Assert.Equal(1, world.TimesAsked(prompt.Text));
    });

    [Fact]
    [Proves(Guarantee.AbortStops)]
    public Task An_abort_of_an_idle_session_and_of_none_says_that_it_has_ended() => CheckAsync(async world =>
    {
        var session = await world.CreateAsync(world.NewSession(NewKey()));

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));
        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(world.Unknown(), Cancelled));
    });
}
