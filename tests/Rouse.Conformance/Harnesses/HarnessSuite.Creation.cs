using Rouse.Conformance.Harnesses.Grades;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Conformance.Harnesses;

public abstract partial class HarnessSuite
{
    [Fact]
    [Proves(Guarantee.CreatedOnce)]
    public Task A_session_is_created_once_for_its_key() => CheckAsync(async world =>
    {
        var session = world.NewSession(NewKey());

        var first = await world.CreateAsync(session);
        Assert.Equal(first, await world.CreateAsync(session));

        await using var reopened = world.Reopen();
        var again = Assert.IsType<CreateResult.Created>(await reopened.CreateSessionAsync(session, Cancelled));
        Assert.Equal(first, again.Address);
    });

    [Fact]
    [Proves(Guarantee.CreatedOnce)]
    public Task Two_creations_with_one_key_at_once_are_one_session() => CheckAsync(async world =>
    {
        var session = world.NewSession(NewKey());

        var both = await Task.WhenAll(world.CreateAsync(session), world.CreateAsync(session));

        Assert.Equal(both[0], both[1]);
    });

    [Fact]
    [Proves(Guarantee.CreatedOnce)]
    public Task A_session_whose_creation_lost_its_answer_is_found_and_not_created_again() => CheckAsync(async world =>
    {
        var session = world.NewSession(NewKey());
        await using var broken = world.Break(BrokenCall.Creation, Breakage.ReplyLost);

        var lost = await broken.Harness.CreateSessionAsync(session, Cancelled);
        var again = Assert.IsType<CreateResult.Created>(await broken.Harness.CreateSessionAsync(session, Cancelled));
        var byAnother = Assert.IsType<CreateResult.Created>(await world.Harness.CreateSessionAsync(session, Cancelled));

        Assert.IsType<CreateResult.Unreachable>(lost);
        Assert.Equal(again.Address, byAnother.Address);
        Assert.Equal(Activity.Idle, (await world.SeeAsync(again.Address)).Activity);
    });

    [Fact]
    public async Task A_child_is_created_once_for_its_key_and_runs_where_its_parent_does()
    {
        var world = await WorldAsync();
        var parent = await world.CreateAsync(world.NewSession(NewKey()));
        var child = world.NewSession(NewKey()) with { Parent = parent, Directory = null };

        var first = Assert.IsType<CreateResult.Created>(await world.Harness.CreateSessionAsync(child, Cancelled));
        await using var reopened = world.Reopen();
        var again = Assert.IsType<CreateResult.Created>(await reopened.CreateSessionAsync(child, Cancelled));

        Assert.NotEqual(parent, first.Address);
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task An_agent_that_does_not_exist_is_refused_with_those_that_do()
    {
        var world = await WorldAsync();
        var session = world.NewSession(NewKey());

        var refused = Assert.IsType<CreateResult.Refused>(
            await world.Harness.CreateSessionAsync(session with { Agent = "no-such-agent" }, Cancelled));

        Assert.Equal(("unknown-agent", FailureClass.Request), (refused.Error.Reason, refused.Error.Class));
        Assert.Contains(session.Agent, refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_exist_is_refused()
    {
        var world = await WorldAsync();

        var refused = Assert.IsType<CreateResult.Refused>(
            await world.Harness.CreateSessionAsync(world.NewSession(NewKey()) with { Model = "fake/no-such-model" }, Cancelled));

        Assert.Equal(("unknown-model", FailureClass.Provider), (refused.Error.Reason, refused.Error.Class));
    }
}
