namespace Rouse.Core.Tests;

public sealed class SessionTests
{
    private readonly CrewStory _story = new();

    // API-7
    [Fact]
    public void A_session_registered_twice_is_one()
    {
        var again = Assert.IsType<Reply.SessionKnown>(_story.Send(new RegisterSession(new Address("main", "root"), Parent: null, null, null)));

        Assert.Equal((_story.Root, false), (again.Session.Id, again.Created));
        Assert.Empty(_story.Last.Events);
    }

    // API-7
    [Fact]
    public void A_session_cannot_move_below_another_parent()
    {
        var child = _story.SessionOf(_story.Running());

        var refused = Assert.IsType<Reply.Refused>(_story.Send(new RegisterSession(new Address("main", "root"), child, null, null)));

        Assert.Equal("session-has-parent", refused.Reason.Type);
    }

    [Fact]
    public void A_crew_has_one_root_and_known_parents()
    {
        Assert.Equal("crew-has-root", Assert.IsType<Reply.Refused>(_story.Send(new RegisterSession(new Address("main", "two"), null, null, null))).Reason.Type);
        var unknown = new SessionId(_story.Crew.Id, 99);
        Assert.Equal("unknown-parent", Assert.IsType<Reply.Refused>(_story.Send(new RegisterSession(new Address("main", "two"), unknown, null, null))).Reason.Type);
    }

    // Design 4.1: a long-lived crew stays small.
    [Fact]
    public void A_crew_that_has_told_everything_forgets_all_but_its_root()
    {
        var outer = _story.Running();
        var inner = _story.Running(from: _story.SessionOf(outer));
        _story.Cancel(inner);
        _story.Answer(outer);
        _story.Send(new ResumeTask(outer.Id));
        _story.Consume(_story.SessionOf(outer));
        _story.Answer(outer, "done");
        _story.Consume(_story.Root);
        _story.Forget(); // the inner task's abort is owed still
        Assert.Equal([inner.Id], _story.Crew.Tasks.Values.Select(t => t.Id));

        _story.Send(new AttemptStopped(inner.Id, 1, "seen idle", Output: null));
        _story.Forget();

        Assert.Equal([_story.Root], _story.Crew.Sessions.Values.Select(s => s.Id));
        Assert.Empty(_story.Crew.Tasks);
        Assert.Empty(_story.Crew.Notices);
        Assert.Empty(_story.Crew.Wakes);
    }
}
