namespace Rouse.Core.Tests;

public sealed class CompletionTests
{
    private readonly CrewStory _story = new();

    // DONE-1
    [Fact]
    public void A_session_idle_with_output_and_nothing_open_under_it_completes_its_task_once()
    {
        var task = _story.Running();

        _story.See(task, Look.CalledTools("let me look", _story.Now), Look.Said("the answer", _story.Now) with { Usage = new Usage(10, 20, 0.5m) });

        var outcome = _story.Task(task).Outcome!;
        Assert.Equal((AgentTaskStatus.Completed, false, false), (outcome.Status, outcome.Partial, outcome.Truncated));
        Assert.Equal(Body.Of("the answer").Ref, outcome.Output);
        Assert.Equal(new Usage(10, 20, 0.5m), outcome.Usage);
        Assert.Equal([Body.Of("the answer")], _story.Last.Bodies);
        Assert.Empty(_story.Slots());
    }

    // DONE-5
    [Fact]
    public void The_same_end_reported_three_times_is_one_transition_and_one_notice()
    {
        var task = _story.Running();
        _story.Answer(task);
        _story.Answer(task);
        Assert.Empty(_story.Last.Events);
        _story.Answer(task);

        Assert.Single(_story.Events.OfType<TaskSettled>());
        Assert.Single(_story.Events.OfType<NoticePosted>());
    }

    // DONE-6
    [Fact]
    public void A_cancel_that_commits_first_is_not_undone_by_the_answer()
    {
        var task = _story.Running();
        _story.Cancel(task);

        _story.Answer(task);

        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(task).Status);
    }

    // DONE-2
    [Fact]
    public void A_session_seen_idle_too_early_is_looked_at_again_and_further_hints_add_nothing()
    {
        var task = _story.Running();

        Assert.Equal(TimeSpan.FromSeconds(5), Assert.IsType<Reply.LookAgain>(_story.See(task)).After);
        Assert.Single(_story.Last.Events);
        _story.After(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(2), Assert.IsType<Reply.LookAgain>(_story.See(task)).After);
        Assert.Empty(_story.Last.Events);
        Assert.Equal(AgentTaskStatus.Running, _story.Task(task).Status);

        _story.After(TimeSpan.FromSeconds(2));
        Assert.IsType<Reply.RunAgain>(_story.See(task));
    }

    // DONE-3
    [Fact]
    public void A_session_that_stays_idle_without_output_for_two_minutes_fails_its_task()
    {
        var task = _story.Running();
        var look = Assert.IsType<Reply.LookAgain>(_story.See(task, Look.Said("", _story.Now)));
        Assert.Equal(TimeSpan.FromMinutes(2), look.After);

        _story.After(TimeSpan.FromMinutes(2));
        _story.See(task, Look.Said("  \n", _story.Now));

        Assert.Equal((AgentTaskStatus.Failed, "empty"), (_story.Task(task).Status, _story.Task(task).Outcome!.Reason));
    }

    // DONE-3
    [Fact]
    public void Work_seen_in_between_starts_the_two_minutes_anew()
    {
        var task = _story.Running();
        _story.See(task, Look.Said("", _story.Now));
        _story.After(TimeSpan.FromMinutes(1));
        _story.See(_story.SessionOf(task), Look.Working(_story.Now));
        _story.After(TimeSpan.FromMinutes(1));

        var look = Assert.IsType<Reply.LookAgain>(_story.See(task, Look.Said("", _story.Now)));

        Assert.Equal(TimeSpan.FromMinutes(2), look.After);
    }

    // DONE-3
    [Fact]
    public void A_turn_that_nobody_saw_starts_the_two_minutes_anew()
    {
        var task = _story.Running();
        var empty = Look.Said("", _story.Now);
        _story.See(task, empty);
        _story.After(TimeSpan.FromMinutes(2));

        var look = Assert.IsType<Reply.LookAgain>(_story.See(task, empty, empty with { Id = "second answer" }));

        Assert.Equal(TimeSpan.FromMinutes(2), look.After);
    }

    // DONE-3: what was seen long ago says nothing about now.
    [Fact]
    public void An_output_seen_in_between_starts_the_two_minutes_anew()
    {
        var task = _story.Running();
        _story.See(task, Look.Said("", _story.Now));
        var inner = _story.Running(from: _story.SessionOf(task));
        _story.Answer(task);
        _story.After(TimeSpan.FromHours(1));
        _story.Cancel(inner, by: _story.SessionOf(task));

        Assert.IsType<Reply.LookAgain>(_story.See(task, Look.Said("", _story.Now)));
    }

    // DONE-4, LANE-4
    [Fact]
    public void A_task_settles_down_while_what_it_delegated_is_open_and_completes_when_it_has_taken_that_in()
    {
        var outer = _story.Running();
        var session = _story.SessionOf(outer);
        var inner = _story.Running(from: session);
        Assert.Equal(2, _story.Slots().Count);

        _story.Answer(outer, "waiting for my helper");
        Assert.Equal(AgentTaskStatus.Settling, _story.Task(outer).Status);
        Assert.Equal([$"{inner.Id.Number}a1"], _story.Slots());

        _story.Answer(inner, "helped");
        Assert.Equal([$"Resume:{outer.Id.Number}:1", $"Supervise:{outer.Id.Number}:1"], _story.Owes());
        Assert.IsType<Reply.Ignored>(_story.Send(new LeaseWake(_story.WakeOf(session).Id)));
        _story.Answer(outer, "waiting for my helper");
        Assert.Equal(AgentTaskStatus.Settling, _story.Task(outer).Status);

        _story.Send(new ResumeTask(outer.Id));
        Assert.Equal([$"{outer.Id.Number}a1"], _story.Slots());
        _story.Answer(outer, "waiting for my helper");
        Assert.Equal(AgentTaskStatus.Running, _story.Task(outer).Status);

        var wake = _story.Deliver(session);
        _story.See(outer, Look.Said("waiting for my helper", _story.Now), Look.Sent(wake.Key, _story.Now), Look.Said("all of it", _story.Now));

        Assert.Equal(Body.Of("all of it").Ref, _story.Task(outer).Outcome!.Output);
        Assert.Empty(_story.Slots());
        Assert.Equal(_story.Root, _story.Single<WakeDue>().Session);
    }

    // DONE-13
    [Theory]
    [InlineData("dead-lettered")]
    [InlineData("acknowledged")]
    [InlineData("none")]
    public void A_settled_task_that_nobody_will_be_told_of_any_more_does_not_hold_the_one_above(string how)
    {
        var outer = _story.Running();
        var session = _story.SessionOf(outer);
        var inner = _story.Running(from: session, wake: how == "none" ? WakePolicy.None : WakePolicy.All);
        _story.Answer(outer);
        _story.Answer(inner);
        if (how == "dead-lettered")
        {
            _story.Send(new AbandonWake(_story.WakeOf(session).Id, "Refused"));
        }
        else if (how == "acknowledged")
        {
            _story.Send(new Acknowledge(session, [_story.Crew.Notices.Values.Single().Id]));
        }

        _story.Answer(outer, "done");

        Assert.Equal(AgentTaskStatus.Completed, _story.Task(outer).Status);
    }

    // DONE-4: an open task of policy none is open work all the same.
    [Fact]
    public void An_open_task_holds_the_one_above_whatever_its_policy()
    {
        var outer = _story.Running();
        _story.Running(from: _story.SessionOf(outer), wake: WakePolicy.None);

        _story.Answer(outer);

        Assert.Equal(AgentTaskStatus.Settling, _story.Task(outer).Status);
    }

    // DONE-4, LANE-4: ending the turn without a word after delegating is waiting, not failing.
    [Fact]
    public void A_child_that_delegates_and_says_nothing_settles_down_and_keeps_its_own_child()
    {
        var outer = _story.Running();
        var inner = _story.Running(from: _story.SessionOf(outer));

        _story.Answer(outer, "");
        _story.After(TimeSpan.FromMinutes(3));
        _story.Answer(outer, "");

        Assert.Equal(AgentTaskStatus.Settling, _story.Task(outer).Status);
        Assert.Equal(AgentTaskStatus.Running, _story.Task(inner).Status);
        Assert.Equal([$"{inner.Id.Number}a1"], _story.Slots());
    }

    // DONE-8
    [Fact]
    public void Open_todos_hold_completion_back_for_five_minutes_at_most()
    {
        var task = _story.Running();
        var answer = Look.Said("done", _story.Now);
        var inspection = Look.Idle(_story.Now, Look.Sent(Crew.AttemptKey(task.Id, 1), _story.Now), answer) with { OpenTodos = ["one more"] };

        Assert.Equal(CrewStory.Begin + TimeSpan.FromMinutes(5) - _story.Now, Assert.IsType<Reply.LookAgain>(_story.See(_story.SessionOf(task), inspection)).After);
        _story.After(TimeSpan.FromMinutes(5));
        _story.See(_story.SessionOf(task), inspection);

        Assert.Equal(AgentTaskStatus.Completed, _story.Task(task).Status);
    }

    // DONE-8
    [Fact]
    public void Open_todos_hold_nothing_back_when_the_answer_bears_a_time_of_another_clock()
    {
        var task = _story.Running();
        var answer = Look.Said("done", _story.Now + TimeSpan.FromHours(1));
        _story.See(_story.SessionOf(task), Look.Idle(_story.Now, Look.Sent(Crew.AttemptKey(task.Id, 1), _story.Now), answer) with { OpenTodos = ["one more"] });

        Assert.Equal(AgentTaskStatus.Completed, _story.Task(task).Status);
    }

    [Fact]
    public void A_clock_that_is_set_back_starts_the_patience_with_an_idle_session_anew_and_does_not_lengthen_it()
    {
        var task = _story.Running();
        _story.See(task, Look.Said("", _story.Now));
        _story.After(TimeSpan.FromMinutes(1) - TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromMinutes(2), Assert.IsType<Reply.LookAgain>(_story.See(task, Look.Said("", _story.Now))).After);
        _story.After(TimeSpan.FromMinutes(2));
        _story.See(task, Look.Said("", _story.Now));

        Assert.Equal("empty", _story.Task(task).Outcome!.Reason);
    }

    // DONE-12
    [Fact]
    public void An_answer_that_ended_at_a_limit_is_marked_truncated()
    {
        var task = _story.Running();

        _story.See(task, Look.Said("much, but", _story.Now) with { Truncated = true });

        Assert.True(_story.Task(task).Outcome!.Truncated);
    }

    // DONE-12, ATT-13
    [Fact]
    public void An_early_error_does_not_matter_when_the_last_turn_is_good()
    {
        var task = _story.Running();

        _story.See(
            _story.SessionOf(task),
            Look.Idle(
                _story.Now, Look.Sent(Crew.AttemptKey(task.Id, 1), _story.Now), Look.Broke(new TaskError(FailureClass.Passing, "overloaded", "later"), _story.Now),
                Look.Said("done", _story.Now)),
            lastError: new TaskError(FailureClass.Passing, "overloaded", "later"));

        Assert.Equal(AgentTaskStatus.Completed, _story.Task(task).Status);
    }

    // DONE-12, DONE-10
    [Fact]
    public void An_error_in_the_last_turn_is_not_hidden_by_earlier_text_which_is_kept_as_partial()
    {
        var task = _story.Running();

        _story.See(task, Look.Said("half of it", _story.Now), Look.Broke(new TaskError(FailureClass.Request, "context-overflow", "too long"), _story.Now));

        var outcome = _story.Task(task).Outcome!;
        Assert.Equal((AgentTaskStatus.Failed, "context-overflow", true), (outcome.Status, outcome.Reason, outcome.Partial));
        Assert.Equal(Body.Of("half of it").Ref, outcome.Output);
    }

    [Fact]
    public void A_session_with_an_open_question_is_at_work()
    {
        var task = _story.Running();

        _story.See(_story.SessionOf(task), Look.Idle(_story.Now, Look.Sent(Crew.AttemptKey(task.Id, 1), _story.Now), Look.Said("may I?", _story.Now)) with { OpenQuestion = "may I?" });

        Assert.Equal(AgentTaskStatus.Running, _story.Task(task).Status);
    }

    // WAKE-15, DONE-4
    [Fact]
    public void What_a_look_shows_while_a_wake_is_on_its_way_is_not_taken_for_the_attempts_own_end()
    {
        var outer = _story.Running();
        var session = _story.SessionOf(outer);
        var inner = _story.Running(from: session);
        _story.Answer(inner);
        var wake = _story.Lease(session);
        _story.Send(new WakeSent(wake.Id, wake.Epoch, "live", Certain: false));

        _story.See(
            session,
            Look.Idle(_story.Now, Look.Sent(Crew.AttemptKey(outer.Id, 1), _story.Now), Look.Said("waiting", _story.Now), Look.Sent(wake.Key, _story.Now)),
            lastError: new TaskError(FailureClass.Passing, "overloaded", "later"));

        Assert.Equal(AgentTaskStatus.Running, _story.Task(outer).Status);
        Assert.Empty(_story.Last.Events);
    }

    // DONE-4
    [Fact]
    public void A_look_from_before_a_wake_was_over_does_not_complete_the_task_that_it_may_have_set_to_work()
    {
        var task = _story.Running();
        var child = _story.SessionOf(task);
        _story.Answer(_story.Running(from: child));
        var wake = _story.Deliver(child);
        var asOf = _story.Crew.Version;
        _story.Send(new AbandonWake(wake.Id, "Unknown"));

        var look = Look.Idle(_story.Now, [Look.Sent(Crew.AttemptKey(task.Id, 1), _story.Now), Look.Said("so far", _story.Now)]);
        Assert.IsType<Reply.LookAgain>(_story.See(child, look, asOf: asOf));
        Assert.False(_story.Task(task).IsSettled);

        _story.See(child, look);
        Assert.True(_story.Task(task).IsSettled);
    }
}
