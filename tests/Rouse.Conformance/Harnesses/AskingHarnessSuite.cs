using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

/// <summary>What is promised besides by a harness whose agents can ask a question in the middle of a turn.</summary>
public abstract class AskingHarnessSuite : HarnessSuite
{
    [Fact]
    [Proves(Guarantee.InspectsTruthfully)]
    public Task A_question_is_open_in_a_working_session_until_it_is_answered() => CheckAsync(async any =>
    {
        var world = (AskingHarnessWorld)any;
        var session = await world.CreateAsync(world.NewAskingSession(NewKey()));

        await world.DeliverAsync(session, NewPrompt(world.Asks("Which way?")));
        var asked = await world.SeeUntilAsync(session, i => i.OpenQuestion is not null);
        Assert.Contains("Which way?", asked.OpenQuestion, StringComparison.Ordinal);
        Assert.Equal(Activity.Working, asked.Activity);
        Assert.IsType<DeliverResult.Busy>(await world.Harness.DeliverAsync(session, NewPrompt(world.Says("in between")), Cancelled));

        await world.AnswerAsync(session, Cancelled);
        var answered = await world.SeeUntilAsync(session, i => i.Activity == Activity.Idle);
        Assert.Null(answered.OpenQuestion);
        Assert.Equal("thanks", answered.Messages[^1].Text);
    });

    [Fact]
    [Proves(Guarantee.AbortStops)]
    public Task An_abort_leaves_no_question_open() => CheckAsync(async any =>
    {
        var world = (AskingHarnessWorld)any;
        var session = await world.CreateAsync(world.NewAskingSession(NewKey()));
        await world.DeliverAsync(session, NewPrompt(world.Asks("Which way?")));
        await world.SeeUntilAsync(session, i => i.OpenQuestion is not null);

        Assert.IsType<AbortResult.Ended>(await world.Harness.AbortAsync(session, Cancelled));

        var seen = await world.SeeAsync(session);
        Assert.Equal((Activity.Idle, null), (seen.Activity, seen.OpenQuestion));
        Assert.Equal(0, await world.OpenQuestionsAsync(session, Cancelled));
    });
}
