namespace Rouse.Core.Tests;

public sealed class DelegationTests
{
    private readonly CrewStory _story = new();

    // DEL-1
    [Fact]
    public void A_delegation_is_queued_on_its_lane_and_nothing_else_is_owed()
    {
        var task = _story.Delegate(_story.Spec() with { Model = "slow/one", Priority = 3 });

        Assert.Equal(AgentTaskStatus.Queued, task.Status);
        var owed = Assert.Single(_story.Crew.Owes());
        Assert.Equal((ObligationKind.Queue, 3, _story.Now), (owed.Kind, owed.Priority, owed.Since));
        Assert.Equal(["slow"], owed.Lanes);
        Assert.Contains(Body.Of("do it"), _story.Last.Bodies);
    }

    // DEL-3
    [Fact]
    public void One_idempotency_key_makes_one_task()
    {
        var spec = _story.Spec() with { Key = "k", Fingerprint = "f" };
        var task = _story.Delegate(spec);
        _story.After(TimeSpan.FromDays(1));

        var again = Assert.IsType<Reply.TaskAccepted>(_story.TryDelegate(spec));

        Assert.Equal((task.Id, false), (again.Task.Id, again.Created));
        Assert.Empty(_story.Last.Events);
    }

    // DEL-3
    [Fact]
    public void One_idempotency_key_with_another_request_is_refused()
    {
        _story.Delegate(_story.Spec() with { Key = "k", Fingerprint = "f" });

        var refused = Assert.IsType<Reply.Refused>(_story.TryDelegate(_story.Spec() with { Key = "k", Fingerprint = "g" }));

        Assert.Equal("idempotency-key-reused", refused.Reason.Type);
        Assert.Empty(_story.Last.Events);
    }

    [Fact]
    public void The_keys_of_two_sessions_are_apart()
    {
        var outer = _story.Running(_story.Spec() with { Key = "k" });

        Assert.NotEqual(outer.Id, _story.Delegate(_story.Spec(from: _story.SessionOf(outer)) with { Key = "k" }).Id);
    }

    // DEL-3: the answer to a lost reply is the task, also when the task has ended since.
    [Fact]
    public void A_repeated_request_finds_its_task_also_after_it_has_settled()
    {
        var spec = _story.Spec() with { Key = "k", Fingerprint = "f" };
        _story.Answer(_story.Running(spec));

        Assert.Equal(AgentTaskStatus.Completed, Assert.IsType<Reply.TaskAccepted>(_story.TryDelegate(spec)).Task.Status);
    }

    [Fact]
    public void A_session_that_is_not_known_cannot_delegate()
    {
        var refused = Assert.IsType<Reply.Refused>(_story.TryDelegate(_story.Spec(from: new SessionId(_story.Crew.Id, 99))));

        Assert.Equal("unknown-session", refused.Reason.Type);
    }
}
