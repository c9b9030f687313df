namespace Rouse.Core.Tests;

public sealed class CancelTests
{
    private readonly CrewStory _story = new();

    // CAN-1
    [Fact]
    public void A_queued_task_is_cancelled_without_anything_to_stop()
    {
        var task = _story.Delegate();

        _story.Cancel(task, by: _story.Root);

        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(task).Status);
        Assert.Empty(_story.Owes());
        Assert.IsType<Reply.Ignored>(_story.Send(new StartAttempt(task.Id, 1)));
    }

    // CAN-2, CAN-4
    [Fact]
    public void A_running_task_is_cancelled_before_it_is_stopped_and_keeps_its_slot_until_it_is_seen_ended()
    {
        var task = _story.Running();

        _story.Cancel(task, by: _story.Root);

        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(task).Status);
        Assert.Equal([$"Abort:{task.Id.Number}:1"], _story.Owes());
        Assert.Equal([$"{task.Id.Number}a1"], _story.Slots());

        _story.Send(new AttemptStopped(task.Id, 1, "seen idle", Output: null));

        Assert.Empty(_story.Owes());
        Assert.Empty(_story.Slots());
    }

    // CAN-2
    [Fact]
    public void A_result_that_comes_after_the_cancel_is_kept_as_late_and_wakes_nobody()
    {
        var task = _story.Running();
        _story.Cancel(task, by: _story.Root);

        _story.Send(new AttemptStopped(task.Id, 1, "seen idle", "finished after all"));

        Assert.Equal(Body.Of("finished after all").Ref, _story.Task(task).LateResult);
        Assert.Contains(Body.Of("finished after all"), _story.Last.Bodies);
        Assert.Null(_story.Task(task).Outcome!.Output);
        Assert.DoesNotContain(_story.Events, e => e is WakeDue);
    }

    // CAN-3
    [Fact]
    public void A_session_that_appears_after_the_cancel_is_known_and_stopped_and_never_prompted()
    {
        var task = _story.Delegate();
        _story.Send(new StartAttempt(task.Id, 1));
        _story.Cancel(task);

        Assert.IsType<Reply.Ignored>(_story.SeeChild(task));

        Assert.NotNull(_story.Task(task).Current.Address);
        Assert.Equal($"Abort:{task.Id.Number}:1", Assert.Single(_story.Owes(), o => !o.StartsWith("Deliver", StringComparison.Ordinal)));
        Assert.IsType<Reply.Ignored>(_story.Send(new PromptSeen(task.Id, 1, "late")));
    }

    // CAN-5
    [Fact]
    public void A_tree_of_three_levels_is_cancelled_in_one_decision()
    {
        var top = _story.Running();
        var middle = _story.Running(from: _story.SessionOf(top));
        var leaves = new[] { _story.Running(from: _story.SessionOf(middle)), _story.Running(from: _story.SessionOf(middle)) };
        var queued = _story.Delegate(from: _story.SessionOf(top));
        var other = _story.Running();

        var reply = Assert.IsType<Reply.Cancelled>(_story.Cancel(top));

        Assert.Equal(5, reply.Items.Length);
        Assert.All(reply.Items, i => Assert.Equal(AgentTaskStatus.Cancelled, i.Now));
        Assert.All([top, middle, .. leaves, queued], t => Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(t).Status));
        Assert.Equal(4, _story.Owes().Count(o => o.StartsWith("Abort", StringComparison.Ordinal)));
        Assert.Equal(AgentTaskStatus.Running, _story.Task(other).Status);
        var refused = Assert.IsType<Reply.Refused>(_story.TryDelegate(_story.Spec(from: _story.SessionOf(middle))));
        Assert.Equal("task-settled", refused.Reason.Type);
    }

    // CAN-6
    [Fact]
    public void Nothing_that_comes_later_brings_a_cancelled_task_back()
    {
        var task = _story.Running();
        var session = _story.SessionOf(task);
        _story.Cancel(task);

        _story.Send(new StartAttempt(task.Id, 1));
        _story.Send(new StartAttempt(task.Id, 2));
        _story.Send(new ResumeTask(task.Id));
        _story.Send(new PromptSeen(task.Id, 1, "replayed"));
        _story.See(task, Look.Said("late", _story.Now));
        _story.See(session, Look.Working(_story.Now));
        _story.Fail(task, FailureClass.Passing, mayRun: true);
        _story.Send(new AttemptLost(task.Id, 1, "unreachable", "down"));
        _story.Send(new SessionLost(session, Deleted: false));
        _story.Send(new DeadlinePassed(task.Id));

        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(task).Status);
        Assert.Single(_story.Events.OfType<TaskSettled>());
        Assert.Single(_story.Events.OfType<AttemptStarted>());
    }

    // CAN-7, DONE-6
    [Fact]
    public void Cancelling_what_is_settled_changes_nothing_and_tells_the_status()
    {
        var done = _story.Running();
        _story.Answer(done);

        var reply = Assert.IsType<Reply.Cancelled>(_story.Cancel(done));

        Assert.Equal([new CancelledItem(done.Id, AgentTaskStatus.Completed, AgentTaskStatus.Completed)], reply.Items);
        Assert.Empty(_story.Last.Events);

        var cancelled = _story.Running();
        _story.Cancel(cancelled);
        _story.Cancel(cancelled);
        Assert.Empty(_story.Last.Events);
    }

    // CAN-8
    [Fact]
    public void All_tasks_under_a_session_are_cancelled_and_those_of_others_go_on()
    {
        var outer = _story.Running();
        var (running, queued) = (_story.Running(from: _story.SessionOf(outer)), _story.Delegate(from: _story.SessionOf(outer)));

        var reply = Assert.IsType<Reply.Cancelled>(_story.Send(new CancelAll(_story.SessionOf(outer), _story.SessionOf(outer))));

        Assert.Equal(
            [new CancelledItem(running.Id, AgentTaskStatus.Running, AgentTaskStatus.Cancelled), new CancelledItem(queued.Id, AgentTaskStatus.Queued, AgentTaskStatus.Cancelled)],
            reply.Items);
        Assert.Equal(AgentTaskStatus.Running, _story.Task(outer).Status);
    }

    // CAN-9
    [Fact]
    public void Cancelling_the_last_open_task_of_a_group_sends_out_the_wake_for_the_others()
    {
        var tasks = new[] { _story.Running(), _story.Running(), _story.Running() };
        _story.Answer(tasks[0]);
        _story.Answer(tasks[1]);

        _story.Cancel(tasks[2], by: _story.Root);

        Assert.Equal(_story.Now, _story.Single<WakeDue>().DueAt);
        Assert.False(_story.Single<NoticePosted>().Wakes);
        Assert.Equal(3, _story.Lease(_story.Root).Notices.Length);
    }

    // CAN-9
    [Fact]
    public void A_cancel_by_the_return_address_itself_starts_no_turn_and_one_by_somebody_else_does()
    {
        _story.Cancel(_story.Running(), by: _story.Root);
        Assert.DoesNotContain(_story.Last.Events, e => e is WakeDue);

        _story.Cancel(_story.Running(), by: null);
        Assert.Single(_story.Last.Events.OfType<WakeDue>());
    }

    // CAN-10
    [Fact]
    public void A_deleted_session_cancels_its_task_and_those_under_it_and_dead_letters_its_mailbox()
    {
        var outer = _story.Running();
        var session = _story.SessionOf(outer);
        var (done, open) = (_story.Running(from: session), _story.Running(from: session));
        _story.Answer(done);

        _story.Send(new SessionLost(session, Deleted: true));

        Assert.Equal(("session-deleted", AgentTaskStatus.Cancelled), (_story.Task(outer).Outcome!.Reason, _story.Task(outer).Status));
        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(open).Status);
        Assert.All(_story.Crew.Notices.Values.Where(n => n.Session == session), n => Assert.Equal(NoticeState.DeadLettered, n.State));
        Assert.True(_story.Crew.MailboxOf(session).IsEmpty);
        Assert.Equal([_story.Root], _story.Crew.Mailboxes.Where(m => !m.Value.IsEmpty).Select(m => new SessionId(_story.Crew.Id, m.Key)));
    }

    // CAN-10, WAKE-10
    [Fact]
    public void A_session_that_is_gone_is_dead_lettered_at_once_and_can_delegate_no_more()
    {
        _story.Answer(_story.Running());
        _story.Answer(_story.Running());

        _story.Send(new SessionLost(_story.Root, Deleted: false));

        Assert.All(_story.Crew.Wakes.Values, w => Assert.Equal((WakePhase.DeadLettered, "SessionGone"), (w.Phase, w.DeadLetter)));
        Assert.All(_story.Crew.Notices.Values, n => Assert.Equal((NoticeState.DeadLettered, "SessionGone"), (n.State, n.DeadLetter)));
        Assert.Equal("session-gone", Assert.IsType<Reply.Refused>(_story.TryDelegate(_story.Spec())).Reason.Type);
    }

    // CAN-12
    [Theory]
    [InlineData("failed")]
    [InlineData("lost")]
    [InlineData("gone")]
    [InlineData("deadline")]
    public void What_a_task_delegated_ends_with_it(string end)
    {
        var outer = _story.Running(_story.Spec() with { Deadline = CrewStory.Begin });
        var inner = _story.Running(from: _story.SessionOf(outer));

        _ = end switch
        {
            "failed" => _story.Break(outer),
            "lost" => _story.Send(new AttemptLost(outer.Id, 1, "unreachable", "down")),
            "gone" => _story.Send(new SessionLost(_story.SessionOf(outer), Deleted: false)),
            _ => _story.Send(new DeadlinePassed(outer.Id)),
        };

        Assert.True(_story.Task(outer).IsSettled);
        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(inner).Status);
    }

    // CAN-12, ATT-5: an older attempt's session is no living return address either.
    [Fact]
    public void What_an_attempt_delegated_ends_when_another_one_takes_its_place()
    {
        var outer = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });
        var old = _story.SessionOf(outer);
        var (done, open) = (_story.Running(from: old, group: "x"), _story.Running(from: old));
        _story.Answer(done);

        _story.Fail(outer, FailureClass.Passing, mayRun: true);

        Assert.Equal(AgentTaskStatus.Queued, _story.Task(outer).Status);
        Assert.Equal(AgentTaskStatus.Cancelled, _story.Task(open).Status);
        Assert.All(_story.Crew.Notices.Values, n => Assert.Equal("AttemptReplaced", n.DeadLetter));
        Assert.IsType<Reply.Refused>(_story.TryDelegate(_story.Spec(from: old)));
    }

    // CAN-13
    [Fact]
    public void A_turn_that_a_person_stopped_is_a_cancel_and_no_fallback_starts()
    {
        var task = _story.Running(_story.Spec() with { Model = "a/one", Fallbacks = ["b/one"] });

        _story.See(task, Look.Said("so far", _story.Now), Look.Broke(new TaskError(FailureClass.Aborted, "aborted", "stopped"), _story.Now));

        var outcome = _story.Task(task).Outcome!;
        Assert.Equal((AgentTaskStatus.Cancelled, "by-a-person", true), (outcome.Status, outcome.Reason, outcome.Partial));
        Assert.Equal(Body.Of("so far").Ref, outcome.Output);
    }

    // WATCH-10
    [Fact]
    public void A_deadline_ends_a_task_when_it_has_passed_and_not_before()
    {
        var task = _story.Running(_story.Spec() with { Deadline = CrewStory.Begin + TimeSpan.FromMinutes(1) });
        Assert.Equal(CrewStory.Begin + TimeSpan.FromMinutes(1), Assert.Single(_story.Crew.Owes(), o => o.Kind == ObligationKind.Deadline).Due);
        Assert.Equal(TimeSpan.FromMinutes(1), Assert.IsType<Reply.LookAgain>(_story.Send(new DeadlinePassed(task.Id))).After);

        _story.After(TimeSpan.FromMinutes(1));
        _story.Send(new DeadlinePassed(task.Id));

        Assert.Equal((AgentTaskStatus.Failed, "deadline"), (_story.Task(task).Status, _story.Task(task).Outcome!.Reason));
        Assert.Contains($"Abort:{task.Id.Number}:1", _story.Owes());
    }
}
