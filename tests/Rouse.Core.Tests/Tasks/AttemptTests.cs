namespace Rouse.Core.Tests;

public sealed class AttemptTests
{
    private readonly CrewStory _story = new();

    // ATT-1
    [Fact]
    public void The_sessions_address_is_known_before_the_prompt_is_owed_to_be_seen()
    {
        var task = _story.Delegate();
        Assert.Equal([$"Queue:{task.Id.Number}:1"], _story.Owes());

        _story.Send(new StartAttempt(task.Id, 1));
        Assert.Equal((AgentTaskStatus.Starting, $"Start:{task.Id.Number}:1"), (_story.Task(task).Status, _story.Owes().Single()));
        Assert.IsType<Reply.Ignored>(_story.Send(new PromptSeen(task.Id, 1, "too early")));

        _story.SeeChild(task);
        Assert.Equal(AgentTaskStatus.Starting, _story.Task(task).Status);

        _story.Send(new PromptSeen(task.Id, 1, "read back"));
        Assert.Equal((AgentTaskStatus.Running, $"Supervise:{task.Id.Number}:1"), (_story.Task(task).Status, _story.Owes().Single()));
    }

    // ATT-9
    [Fact]
    public void A_claimed_prompt_is_not_claimed_again_unless_it_was_withdrawn()
    {
        var task = _story.Delegate();
        _story.Send(new StartAttempt(task.Id, 1));
        _story.SeeChild(task);
        Assert.IsType<Reply.Ignored>(_story.Send(new WithdrawPrompt(task.Id, 1)));
        Assert.IsType<Reply.Done>(_story.Send(new DispatchPrompt(task.Id, 1)));
        Assert.IsType<Reply.Ignored>(_story.Send(new DispatchPrompt(task.Id, 1)));

        Assert.IsType<Reply.Done>(_story.Send(new WithdrawPrompt(task.Id, 1)));
        Assert.IsType<Reply.Done>(_story.Send(new DispatchPrompt(task.Id, 1)));
        Assert.Equal([$"Start:{task.Id.Number}:1"], _story.Owes());
    }

    // ATT-3, LANE-10
    [Fact]
    public void A_passing_error_with_a_fallback_left_queues_the_next_attempt_on_its_own_lane_and_wakes_nobody()
    {
        var task = _story.Running(_story.Spec() with { Model = "slow/one", Fallbacks = ["quick/one"] });
        Assert.Equal(["slow"], task.Current.Lanes);

        _story.Break(task, FailureClass.Passing, "overloaded");

        var next = _story.Task(task);
        Assert.Equal((AgentTaskStatus.Queued, 2, "quick/one"), (next.Status, next.Current.Number, next.Current.Model));
        Assert.Equal(["default"], next.Current.Lanes);
        Assert.Equal("overloaded", next.Attempts[0].Error!.Reason);
        Assert.Empty(_story.Slots());
        Assert.DoesNotContain(_story.Last.Events, e => e is NoticePosted or WakeDue);
    }

    // ATT-3, ATT-12
    [Fact]
    public void An_attempt_that_may_still_run_is_stopped_and_holds_its_slot_beside_the_next_one()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });

        _story.Fail(task, FailureClass.Passing, mayRun: true);
        Assert.Equal([$"Abort:{task.Id.Number}:1", $"Queue:{task.Id.Number}:2"], _story.Owes());
        Assert.Equal([$"{task.Id.Number}a1"], _story.Slots());

        _story.Run(task);
        _story.See(_story.Task(task).Attempts[0].Session!.Value, Look.Idle(_story.Now, Look.Broke(new TaskError(FailureClass.Aborted, "aborted", "stopped"), _story.Now)));
        Assert.Equal(AgentTaskStatus.Running, _story.Task(task).Status);

        _story.Send(new AttemptStopped(task.Id, 1, "seen idle", "half"));
        Assert.Equal([$"{task.Id.Number}a2"], _story.Slots());
        Assert.Null(_story.Task(task).LateResult);
    }

    // ATT-4
    [Fact]
    public void When_the_last_fallback_failed_the_task_fails_once_with_every_attempts_error()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one", "c/one"] });
        _story.Break(task, FailureClass.Passing, "first");
        _story.Run(task);
        _story.Break(task, FailureClass.Passing, "second");
        _story.Run(task);

        _story.Break(task, FailureClass.Passing, "third");

        Assert.Equal(["first", "second", "third"], _story.Task(task).Attempts.Select(a => a.Error!.Reason));
        Assert.Equal(("third", AgentTaskStatus.Failed), (_story.Task(task).Outcome!.Reason, _story.Task(task).Status));
        Assert.Single(_story.Events.OfType<NoticePosted>());
    }

    // ATT-5
    [Fact]
    public void News_of_an_older_attempt_changes_nothing_and_its_session_still_names_the_task()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });
        var old = _story.SessionOf(task);
        _story.Break(task, FailureClass.Passing);
        _story.Run(task);
        var before = _story.Events.Count;

        _story.See(old, Look.Idle(_story.Now, Look.Sent(Crew.AttemptKey(task.Id, 1), _story.Now), Look.Said("done", _story.Now)));
        _story.Send(new AttemptFailed(task.Id, 1, new TaskError(FailureClass.Request, "refused", "late"), MayRun: false, _ => []));
        _story.Send(new PromptSeen(task.Id, 1, "late"));
        _story.Send(new AttemptLost(task.Id, 1, "unreachable", "down"));
        _story.Send(new StartAttempt(task.Id, 1));

        Assert.Equal(before, _story.Events.Count);
        Assert.Equal(task.Id, _story.Crew.Find(old)!.Task);
        Assert.Null(_story.Crew.OpenTaskIn(old));
    }

    // CAN-3, ATT-5: the same for an attempt that was given up for a fallback.
    [Fact]
    public void A_session_that_appears_after_its_attempt_was_replaced_is_stopped_and_not_prompted()
    {
        var task = _story.Delegate(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });
        _story.Send(new StartAttempt(task.Id, 1));
        _story.Fail(task, FailureClass.Passing, mayRun: true);

        Assert.IsType<Reply.Ignored>(_story.SeeChild(task, attempt: 1));

        Assert.NotNull(_story.Task(task).Attempts[0].Session);
        Assert.Contains($"Abort:{task.Id.Number}:1", _story.Owes());
    }

    // ATT-6
    [Fact]
    public void An_error_of_the_request_itself_tries_no_fallback()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });

        _story.Break(task, FailureClass.Request, "context-overflow");

        Assert.Equal((AgentTaskStatus.Failed, "context-overflow"), (_story.Task(task).Status, _story.Task(task).Outcome!.Error!.Reason));
    }

    // ATT-7
    [Theory]
    [InlineData("no-credit", "b/one")]
    [InlineData("unknown-model", "a/two")]
    public void An_error_of_the_provider_skips_its_other_models_but_an_unknown_model_does_not(string reason, string next)
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["a/two", "b/one"] });

        _story.Break(task, FailureClass.Provider, reason);

        Assert.Equal(next, _story.Task(task).Current.Model);
    }

    // ATT-7
    [Fact]
    public void A_provider_that_died_in_an_earlier_attempt_stays_dead()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one", "a/two"] });
        _story.Break(task, FailureClass.Provider, "no-credit");
        _story.Run(task);

        _story.Break(task, FailureClass.Passing);

        Assert.Equal(AgentTaskStatus.Failed, _story.Task(task).Status);
    }

    // ATT-8
    [Fact]
    public void A_fallback_equal_to_a_model_that_was_tried_is_skipped_and_none_is_invented()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["a/one", "b/one", "b/one"] });
        _story.Break(task, FailureClass.Passing);
        Assert.Equal((2, "b/one"), (_story.Task(task).Current.Number, _story.Task(task).Current.Model));
        _story.Run(task);

        _story.Break(task, FailureClass.Passing);

        Assert.Equal(AgentTaskStatus.Failed, _story.Task(task).Status);
    }

    // CRASH-9
    [Theory]
    [InlineData("", false, AgentTaskStatus.Queued)]
    [InlineData("half", false, AgentTaskStatus.Failed)]
    [InlineData("", true, AgentTaskStatus.Failed)]
    public void A_turn_without_an_end_falls_back_only_when_nothing_had_run(string text, bool tools, AgentTaskStatus status)
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });
        var turn = Look.Began(text, _story.Now) with { RanTools = tools };
        Assert.IsType<Reply.LookAgain>(_story.See(task, turn));
        _story.After(TimeSpan.FromSeconds(5));

        _story.See(task, turn);

        Assert.Equal(status, _story.Task(task).Status);
        Assert.Equal("interrupted", _story.Task(task).Attempts[0].Error!.Reason);
    }

    // Invariant 8: an abort that is feared of a task that holds nothing takes no slot.
    [Fact]
    public void A_settling_task_that_is_lost_takes_no_slot()
    {
        var outer = _story.Running();
        _story.Running(from: _story.SessionOf(outer));
        _story.Answer(outer);
        Assert.Equal(AgentTaskStatus.Settling, _story.Task(outer).Status);

        _story.Send(new AttemptLost(outer.Id, 1, "unreachable", "down for a day"));

        Assert.Equal(AgentTaskStatus.Lost, _story.Task(outer).Status);
        Assert.DoesNotContain($"{outer.Id.Number}a1", _story.Slots());
    }

    // CAN-4: a harness may delete a session and let its turn run on.
    [Fact]
    public void An_abort_stays_owed_to_a_session_that_is_gone_until_it_is_seen_ended()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });
        var old = _story.SessionOf(task);
        _story.Fail(task, FailureClass.Passing, mayRun: true);

        _story.Send(new SessionLost(old, Deleted: false));
        Assert.Contains($"Abort:{task.Id.Number}:1", _story.Owes());

        _story.Send(new AttemptStopped(task.Id, 1, "not there", Output: null));
        Assert.Equal([$"Queue:{task.Id.Number}:2"], _story.Owes());
        Assert.Empty(_story.Slots());
    }

    // WATCH-6
    [Fact]
    public void A_task_whose_session_is_gone_is_lost()
    {
        var task = _story.Running();

        _story.Send(new SessionLost(_story.SessionOf(task), Deleted: false));

        Assert.Equal((AgentTaskStatus.Lost, "session-gone"), (_story.Task(task).Status, _story.Task(task).Outcome!.Reason));
        Assert.Single(_story.Last.Events.OfType<WakeDue>());
    }
}
