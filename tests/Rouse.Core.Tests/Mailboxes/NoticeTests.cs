using System.Collections.Immutable;

namespace Rouse.Core.Tests;

public sealed class NoticeTests
{
    private readonly CrewStory _story = new();

    // NOTE-1
    [Theory]
    [InlineData("completed", AgentTaskStatus.Completed)]
    [InlineData("failed", AgentTaskStatus.Failed)]
    [InlineData("cancelled", AgentTaskStatus.Cancelled)]
    [InlineData("lost", AgentTaskStatus.Lost)]
    public void Every_outcome_makes_one_notice_and_the_wake_that_is_owed_for_it(string outcome, AgentTaskStatus status)
    {
        var task = _story.Running();

        _ = outcome switch
        {
            "completed" => _story.Answer(task),
            "failed" => _story.Break(task),
            "cancelled" => _story.Cancel(task),
            _ => _story.Send(new AttemptLost(task.Id, 1, "unreachable", "down for a day")),
        };

        Assert.Equal(status, _story.Single<TaskSettled>().Outcome.Status);
        Assert.Equal(new NoticePosted(_story.Single<NoticePosted>().Notice, _story.Root, NoticeKind.Settled, task.Id, 1, Wakes: true), _story.Single<NoticePosted>());
        Assert.Equal(_story.Root, _story.Single<WakeDue>().Session);
    }

    [Fact]
    public void A_wake_whose_notices_were_all_acknowledged_is_dropped()
    {
        _story.Answer(_story.Running());
        var notice = Assert.Single(_story.Crew.Notices.Values);

        _story.Send(new Acknowledge(_story.Root, [notice.Id]));

        Assert.Equal(NoticeState.Acknowledged, _story.Crew.Find(notice.Id)!.State);
        Assert.Single(_story.Last.Events.OfType<WakeDropped>());
        Assert.Empty(_story.Owes());
    }

    [Fact]
    public void A_notice_acknowledged_while_its_wake_is_on_its_way_stays_acknowledged()
    {
        _story.Answer(_story.Running());
        var wake = _story.Deliver(_story.Root);
        _story.Send(new Acknowledge(_story.Root, wake.Notices));

        _story.Send(new AbandonWake(wake.Id, "Unknown"));

        Assert.Equal(NoticeState.Acknowledged, _story.Crew.Find(wake.Notices[0])!.State);
    }

    [Fact]
    public void A_session_cannot_acknowledge_the_notices_of_another()
    {
        var outer = _story.Running();
        _story.Answer(_story.Running());
        var notice = _story.Crew.Notices.Values.Single();

        _story.Send(new Acknowledge(_story.SessionOf(outer), [notice.Id]));

        Assert.Empty(_story.Last.Events);
    }

    [Fact]
    public void An_id_of_another_crew_reaches_nothing_here()
    {
        _story.Answer(_story.Running());
        _story.Running();
        var foreign = new SessionId(new CrewId("other"), _story.Root.Number);

        _story.Send(new Acknowledge(foreign, [.. _story.Crew.Notices.Values.Select(n => n.Id)]));
        Assert.Empty(_story.Last.Events);

        _story.Send(new CancelAll(foreign, By: null));
        Assert.Empty(_story.Last.Events);
    }

    [Fact]
    public void Acknowledging_one_of_two_leaves_the_other_to_be_told()
    {
        var (one, two) = (_story.Running(), _story.Running());
        _story.Answer(one);
        _story.Answer(two);

        _story.Send(new Acknowledge(_story.Root, ImmutableArray.Create(_story.Crew.Notices.Values.First().Id)));

        Assert.Equal([two.Id], _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
    }
}
