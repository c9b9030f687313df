namespace Rouse.Core.Tests;

public sealed class GroupTests
{
    private readonly CrewStory _story = new();

    // NOTE-2
    [Fact]
    public void Three_tasks_of_a_group_are_told_in_one_wake_when_the_last_has_settled()
    {
        var tasks = new[] { _story.Running(), _story.Running(), _story.Running() };

        _story.Answer(tasks[0]);
        _story.Answer(tasks[2]);
        Assert.DoesNotContain(_story.Events, e => e is WakeDue);

        _story.Answer(tasks[1]);

        Assert.Equal(_story.Now, _story.Single<WakeDue>().DueAt);
        Assert.Equal([tasks[0].Id, tasks[2].Id, tasks[1].Id], _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
    }

    // NOTE-3
    [Fact]
    public void A_failure_does_not_wait_and_the_last_wake_mentions_it_in_one_line_only()
    {
        var (one, broken, three) = (_story.Running(), _story.Running(), _story.Running());
        _story.Answer(one);

        _story.Break(broken);
        var first = _story.Consume(_story.Root);

        Assert.Equal([broken.Id], _story.Told(first).Select(t => t.Id));
        Assert.Equal([three.Id], first.StillOpen);
        Assert.Empty(first.Mentions);

        _story.Answer(three);
        var last = _story.Lease(_story.Root);

        Assert.Equal([one.Id, three.Id], _story.Told(last).Select(t => t.Id));
        Assert.Equal([broken.Id], last.Mentions);
    }

    // NOTE-3: with a snapshot between the failure and the last wake.
    [Fact]
    public void The_last_wake_mentions_a_failure_also_when_the_crew_has_forgotten_what_is_over()
    {
        var (broken, other) = (_story.Running(), _story.Running());
        _story.Break(broken);
        _story.Consume(_story.Root);
        _story.Answer(other);

        _story.Forget();
        var last = _story.Lease(_story.Root);
        _story.Forget();

        Assert.Equal([broken.Id], last.Mentions);
        Assert.NotNull(_story.Crew.Find(broken.Id));
    }

    [Fact]
    public void Only_failures_of_the_same_round_are_mentioned()
    {
        _story.Break(_story.Running());
        _story.Consume(_story.Root);

        _story.Answer(_story.Running());

        Assert.Empty(_story.Lease(_story.Root).Mentions);
    }

    // NOTE-4
    [Fact]
    public void Outcomes_under_the_policy_each_that_come_within_the_debounce_make_one_wake_while_others_are_open()
    {
        var tasks = new[] { _story.Running(wake: WakePolicy.Each), _story.Running(wake: WakePolicy.Each), _story.Running(wake: WakePolicy.Each) };

        _story.Answer(tasks[0]);
        var due = _story.Single<WakeDue>();
        _story.After(TimeSpan.FromMilliseconds(50));
        _story.Answer(tasks[1]);

        Assert.Equal(CrewStory.Begin + TimeSpan.FromMilliseconds(100), due.DueAt);
        Assert.Equal(TimeSpan.FromMilliseconds(50), Assert.IsType<Reply.LookAgain>(_story.Send(new LeaseWake(due.Wake))).After);
        _story.After(TimeSpan.FromMilliseconds(50));
        Assert.Equal(2, _story.Lease(_story.Root).Notices.Length);
    }

    [Fact]
    public void A_wake_whose_due_time_lies_further_ahead_than_any_can_is_due_as_the_clock_was_set_back()
    {
        _story.Answer(_story.Running(wake: WakePolicy.Each));
        _story.After(-TimeSpan.FromHours(1));

        Assert.Single(_story.Lease(_story.Root).Notices);
    }

    // NOTE-4
    [Fact]
    public void An_outcome_under_the_policy_each_does_not_wait_when_nothing_else_is_open()
    {
        _story.Answer(_story.Running(wake: WakePolicy.Each));

        Assert.Equal(_story.Now, _story.WakeOf(_story.Root).DueAt);
    }

    [Fact]
    public void The_debounce_ends_when_the_last_open_task_has_settled()
    {
        var (one, two) = (_story.Running(wake: WakePolicy.Each), _story.Running(wake: WakePolicy.Each));
        _story.Answer(one);
        _story.After(TimeSpan.FromMilliseconds(10));

        _story.Answer(two);

        Assert.True(_story.WakeOf(_story.Root).DueAt <= _story.Now);
    }

    // NOTE-6
    [Fact]
    public void An_outcome_under_the_policy_none_wakes_nobody_and_stays_owed()
    {
        var task = _story.Running(wake: WakePolicy.None);

        _story.Answer(task);

        Assert.DoesNotContain(_story.Events, e => e is WakeDue);
        Assert.True(Assert.Single(_story.Crew.Notices.Values).IsOwed);
        Assert.Empty(_story.Owes());
    }

    // NOTE-6
    [Fact]
    public void An_outcome_under_the_policy_none_rides_with_the_next_wake()
    {
        var quiet = _story.Running(wake: WakePolicy.None);
        var loud = _story.Running(group: "other");
        _story.Answer(quiet);

        _story.Answer(loud);

        Assert.Equal([quiet.Id, loud.Id], _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
    }

    [Fact]
    public void Groups_do_not_wait_for_each_other()
    {
        var (docs, code) = (_story.Running(group: "docs"), _story.Running(group: "code"));

        _story.Answer(docs);

        Assert.Equal([docs.Id], _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
        Assert.False(_story.Task(code).IsSettled);
    }

    [Fact]
    public void The_nameless_group_and_the_groups_of_other_sessions_are_apart()
    {
        var outer = _story.Running();
        var inner = _story.Running(from: _story.SessionOf(outer));
        var other = _story.Running();

        _story.Answer(inner);

        Assert.Equal(_story.SessionOf(outer), _story.Single<WakeDue>().Session);
        Assert.False(_story.Task(other).IsSettled);
    }

    // Design 5, step 6: a name can be used again.
    [Fact]
    public void A_group_used_again_after_its_wake_was_claimed_is_a_new_round()
    {
        var first = _story.Running(group: "docs");
        _story.Answer(first);
        var wake = _story.Lease(_story.Root);
        var second = _story.Running(group: "docs");

        Assert.Equal([1, 2], new[] { first.Round, second.Round });

        _story.Send(new ReleaseWake(wake.Id, wake.Epoch, "working"));

        Assert.NotNull(_story.WakeOf(_story.Root).DueAt);
        Assert.Equal([first.Id], _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
    }

    [Fact]
    public void A_delegation_that_joins_the_group_of_a_due_wake_defers_it()
    {
        var first = _story.Running(group: "docs");
        _story.Answer(first);
        var due = _story.WakeOf(_story.Root);

        var second = _story.Running(group: "docs");

        Assert.Null(_story.Crew.Find(due.Id)!.DueAt);
        Assert.IsType<Reply.Ignored>(_story.Send(new LeaseWake(due.Id)));
        Assert.DoesNotContain(_story.Owes(), o => o.StartsWith("Deliver", StringComparison.Ordinal));

        _story.Answer(second);

        Assert.Equal([first.Id, second.Id], _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
    }

    // NOTE-5
    [Fact]
    public void Fifty_outcomes_while_the_session_works_make_one_wake_in_mailbox_order()
    {
        var tasks = Enumerable.Range(0, 50).Select(i => _story.Running(description: $"work {i}", wake: WakePolicy.Each)).ToList();
        foreach (var task in tasks)
        {
            _story.Answer(task);
            _story.After(TimeSpan.FromSeconds(12));
        }

        Assert.Single(_story.Events.OfType<WakeDue>());
        Assert.Equal(tasks.Select(t => t.Id), _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
    }

    // NOTE-11
    [Fact]
    public void A_notice_that_comes_after_the_wake_was_claimed_goes_into_the_next_one()
    {
        var (one, two) = (_story.Running(group: "a"), _story.Running(group: "b"));
        _story.Answer(one);
        var wake = _story.Deliver(_story.Root);

        _story.Answer(two);

        Assert.Equal(wake.Notices, _story.Crew.Find(wake.Id)!.Notices);
        _story.See(_story.Root, Look.Idle(_story.Now, Look.Sent(wake.Key, _story.Now), Look.Said("taken in", _story.Now)));
        Assert.Equal([two.Id], _story.Told(_story.Lease(_story.Root)).Select(t => t.Id));
    }

    // NOTE-12
    [Fact]
    public void Two_notices_with_the_same_text_are_both_told()
    {
        var (one, two) = (_story.Running(), _story.Running());
        _story.Answer(one, "the same");
        _story.Answer(two, "the same");

        Assert.Equal(2, _story.Lease(_story.Root).Notices.Length);
    }
}
