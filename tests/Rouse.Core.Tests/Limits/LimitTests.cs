namespace Rouse.Core.Tests;

public sealed class LimitTests
{
    // LIM-1
    [Fact]
    public void A_delegation_deeper_than_the_limit_is_refused_with_the_limit_and_both_sessions()
    {
        var story = new CrewStory();
        var a = story.Running();
        var b = story.Running(from: story.SessionOf(a));
        var c = story.Running(from: story.SessionOf(b));

        var refused = Assert.IsType<Reply.Refused>(story.TryDelegate(story.Spec(from: story.SessionOf(c)))).Reason;

        Assert.Equal(("depth-limit", "depth", 3L), (refused.Type, refused.Limit, refused.Value));
        Assert.Contains(story.SessionOf(c).ToString(), refused.Detail, StringComparison.Ordinal);
        Assert.Contains(story.SessionOf(b).ToString(), refused.Detail, StringComparison.Ordinal);
        Assert.Contains("at depth 4", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("Continue an existing task", refused.Detail, StringComparison.Ordinal);
        Assert.Empty(story.Last.Events);
    }

    // LIM-4
    [Fact]
    public void A_session_that_the_harness_opened_itself_counts_with_its_real_depth()
    {
        var story = new CrewStory(Rules.Default with { Depth = 2 });
        var a = story.Running();
        var native = Assert.IsType<Reply.SessionKnown>(story.Send(new RegisterSession(new Address("main", "native"), story.SessionOf(a), null, null))).Session;

        Assert.Equal(2, native.Depth);
        Assert.IsType<Reply.Refused>(story.TryDelegate(story.Spec(from: native.Id)));
    }

    // LIM-3
    [Fact]
    public void The_last_place_is_given_once_and_comes_back_once()
    {
        var story = new CrewStory(Rules.Default with { OpenDescendants = 10 });
        var tasks = Enumerable.Range(0, 9).Select(_ => story.Delegate()).ToList();

        var replies = Enumerable.Range(0, 64).Select(_ => story.TryDelegate(story.Spec())).ToList();

        Assert.Single(replies.OfType<Reply.TaskAccepted>());
        Assert.All(replies.OfType<Reply.Refused>(), r => Assert.Equal(("descendant-limit", "openDescendants", 10L), (r.Reason.Type, r.Reason.Limit, r.Reason.Value)));
        Assert.Equal(63, replies.OfType<Reply.Refused>().Count());

        story.Cancel(tasks[0]);
        story.Cancel(tasks[0]);

        Assert.IsType<Reply.TaskAccepted>(story.TryDelegate(story.Spec()));
        Assert.IsType<Reply.Refused>(story.TryDelegate(story.Spec()));
    }

    // LIM-9
    [Fact]
    public void Without_a_limit_the_sixty_first_open_task_is_accepted()
    {
        var story = new CrewStory();

        Assert.All(Enumerable.Range(0, 61), _ => Assert.IsType<Reply.TaskAccepted>(story.TryDelegate(story.Spec())));
    }
}
