namespace Rouse.Core.Tests;

/// <summary>Sessions that a harness opened by itself below a task's session: their lineage is the real one.</summary>
public sealed class NestedSessionTests
{
    private readonly CrewStory _story = new();

    // CAN-5, LIM-4
    [Fact]
    public void A_cancel_takes_what_a_nested_session_delegated()
    {
        var outer = _story.Running();
        var inner = _story.Running(from: Nest(_story.SessionOf(outer)));

        _story.Send(new CancelTask(outer.Id, By: null));

        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(inner).Status);
    }

    // DONE-4, LIM-4
    [Fact]
    public void A_task_is_not_complete_while_a_nested_session_has_open_work()
    {
        var outer = _story.Running();
        _story.Running(from: Nest(_story.SessionOf(outer)));

        _story.Answer(outer);

        Assert.Equal(AgentTaskStatus.Settling, _story.Task(outer).Status);
    }

    // CAN-5
    [Fact]
    public void A_nested_session_of_a_settled_task_delegates_nothing_more()
    {
        var outer = _story.Running();
        var nested = Nest(_story.SessionOf(outer));
        _story.Answer(outer);

        Assert.False(_story.Crew.CanRead(nested));
    }

    // LIM-1, LIM-4
    [Fact]
    public void A_nested_session_counts_for_the_depth()
    {
        var nested = Nest(_story.SessionOf(_story.Running()));

        Assert.Equal(2, _story.Crew.Find(nested)!.Depth);
    }

    private SessionId Nest(SessionId parent) =>
        Assert.IsType<Reply.SessionKnown>(_story.Send(new RegisterSession(new Address("x@y", "nested"), parent, Agent: null, Directory: null))).Session.Id;
}
