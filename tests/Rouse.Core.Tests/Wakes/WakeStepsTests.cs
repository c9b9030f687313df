namespace Rouse.Core.Tests;

public sealed class WakeStepsTests
{
    private readonly CrewStory _story = new();

    // WAKE-2
    [Fact]
    public void A_receipt_shows_every_step_in_order_and_with_times()
    {
        _story.Answer(_story.Running());
        var wake = _story.WakeOf(_story.Root);
        _story.After(TimeSpan.FromSeconds(1));
        _story.Send(new LeaseWake(wake.Id));
        _story.After(TimeSpan.FromSeconds(1));
        _story.Send(new WakeSent(wake.Id, 1, "live", Certain: true));
        _story.After(TimeSpan.FromSeconds(1));
        _story.Send(new WakeFound(wake.Id, "message 7"));
        _story.After(TimeSpan.FromSeconds(1));
        Taken(wake);

        var receipt = _story.Crew.Find(wake.Id)!.Receipt;
        Assert.Equal(["due", "leased", "dispatched", "admitted", "consumed"], receipt.Select(r => r.Step));
        Assert.Equal([0, 1, 2, 3, 4], receipt.Select(r => (r.At - CrewStory.Begin).TotalSeconds));
        Assert.Equal([null, "epoch 1", $"live {wake.Key}", "message 7", null], receipt.Select(r => r.Detail));
    }

    // WAKE-1
    [Fact]
    public void A_wake_is_owed_at_every_step_until_it_is_consumed()
    {
        _story.Answer(_story.Running());
        var wake = _story.WakeOf(_story.Root);
        Assert.Equal([$"Deliver:{wake.Id.Number}:0"], _story.Owes());
        _story.Send(new LeaseWake(wake.Id));
        Assert.Equal([$"Deliver:{wake.Id.Number}:0"], _story.Owes());
        _story.Send(new WakeSent(wake.Id, 1, "live", Certain: false));
        Assert.Equal([$"Confirm:{wake.Id.Number}:0"], _story.Owes());
        _story.Send(new WakeFound(wake.Id, "found"));
        Assert.Equal([$"Confirm:{wake.Id.Number}:0"], _story.Owes());
        Assert.True(_story.Crew.Find(wake.Id)!.IsOpen);
        Taken(wake);
        Assert.Empty(_story.Owes());
    }

    // WAKE-3
    [Fact]
    public void A_wake_that_was_sent_is_not_admitted_before_it_was_read_back()
    {
        _story.Answer(_story.Running());
        var wake = _story.Lease(_story.Root);
        _story.Send(new WakeSent(wake.Id, 1, "live", Certain: true));

        Taken(wake);

        Assert.Equal(WakePhase.Dispatched, _story.Crew.Find(wake.Id)!.Phase);
    }

    // WAKE-5
    [Fact]
    public void A_wake_is_sent_again_under_the_same_key_and_the_sends_are_counted()
    {
        _story.Answer(_story.Running());
        var wake = _story.Lease(_story.Root);
        _story.Send(new WakeSent(wake.Id, 1, "live", Certain: false));

        _story.Send(new WakeSent(wake.Id, 1, "dormant", Certain: true));

        var now = _story.Crew.Find(wake.Id)!;
        Assert.Equal((2, wake.Key), (now.Sends, now.Key));
        Assert.EndsWith("(outcome unknown)", now.Receipt[2].Detail, StringComparison.Ordinal);
    }

    // NODE-1: the result of an older lease.
    [Fact]
    public void The_result_of_an_older_lease_is_refused()
    {
        _story.Answer(_story.Running());
        var first = _story.Lease(_story.Root);
        _story.Send(new ReleaseWake(first.Id, 1, "working"));
        var second = _story.Lease(_story.Root);
        Assert.Equal((first.Id, 2), (second.Id, second.Epoch));

        Assert.IsType<Reply.Ignored>(_story.Send(new WakeSent(first.Id, 1, "live", Certain: true)));
        Assert.IsType<Reply.Ignored>(_story.Send(new ReleaseWake(first.Id, 1, "late")));
        Assert.Equal(WakePhase.Leased, _story.Crew.Find(first.Id)!.Phase);
    }

    // GATE-7
    [Fact]
    public void The_second_wake_waits_until_the_first_is_consumed()
    {
        var (one, two) = (_story.Running(group: "a"), _story.Running(group: "b"));
        _story.Answer(one);
        var first = _story.Deliver(_story.Root);
        _story.Answer(two);
        var second = _story.Crew.Wakes[_story.Crew.MailboxOf(_story.Root).NextWake!.Value];

        Assert.IsType<Reply.Ignored>(_story.Send(new LeaseWake(second.Id)));
        Taken(first);
        Assert.IsType<Reply.Leased>(_story.Send(new LeaseWake(second.Id)));
    }

    [Fact]
    public void A_released_wake_takes_in_what_became_due_meanwhile_and_keeps_mailbox_order()
    {
        var (one, two, quiet) = (_story.Running(group: "a"), _story.Running(group: "b"), _story.Running(wake: WakePolicy.None));
        _story.Answer(one);
        var wake = _story.Lease(_story.Root);
        _story.Answer(quiet);
        _story.Answer(two);

        _story.Send(new ReleaseWake(wake.Id, wake.Epoch, "open-question"));

        Assert.Single(_story.Crew.Wakes.Values, w => w.IsOpen);
        Assert.Equal("open-question", _story.WakeOf(_story.Root).Hold!.Reason);
        var again = _story.Lease(_story.Root);
        Assert.Equal(wake.Id, again.Id);
        Assert.Equal([one.Id, quiet.Id, two.Id], _story.Told(again).Select(t => t.Id));
    }

    // GATE-14
    [Fact]
    public void A_held_wake_says_why_and_since_when_and_uses_no_try()
    {
        _story.Answer(_story.Running());
        var wake = _story.WakeOf(_story.Root);
        _story.Send(new HoldWake(wake.Id, "working"));
        _story.After(TimeSpan.FromHours(8));
        _story.Send(new HoldWake(wake.Id, "working"));

        Assert.Empty(_story.Last.Events);
        Assert.Equal(new Hold("working", CrewStory.Begin), _story.Crew.Find(wake.Id)!.Hold);
        Assert.Equal(0, _story.Crew.Find(wake.Id)!.Sends);
        Assert.Equal([$"Deliver:{wake.Id.Number}:0"], _story.Owes());
    }

    // WAKE-7, WAKE-14
    [Theory]
    [InlineData("empty")]
    [InlineData("error")]
    [InlineData("cut off")]
    public void A_fruitless_turn_is_nudged_once_and_a_second_one_is_a_dead_letter(string kind)
    {
        var task = _story.Running();
        _story.Answer(task);
        var wake = _story.Deliver(_story.Root);
        var turn = kind switch
        {
            "empty" => Look.Said("", _story.Now),
            "error" => Look.Broke(new TaskError(FailureClass.Passing, "overloaded", "later"), _story.Now),
            _ => Look.Began("half", _story.Now),
        };

        Assert.IsType<Reply.Nudge>(See(Look.Sent(wake.Key, _story.Now), turn));
        Assert.Empty(_story.Last.Events);
        _story.Send(new NudgeFound(wake.Id, "empty"));
        Assert.IsType<Reply.Ignored>(_story.Send(new NudgeFound(wake.Id, "empty")));
        Assert.IsType<Reply.RunAgain>(See(Look.Sent(wake.Key, _story.Now), turn, Look.Sent(wake.NudgeKey, _story.Now)));
        See(Look.Sent(wake.Key, _story.Now), turn, Look.Sent(wake.NudgeKey, _story.Now), turn);

        var dead = _story.Crew.Find(wake.Id)!;
        Assert.Equal((WakePhase.DeadLettered, "NotConsumed"), (dead.Phase, dead.DeadLetter));
        Assert.All(_story.Crew.Notices.Values, n => Assert.Equal((NoticeState.DeadLettered, "NotConsumed"), (n.State, n.DeadLetter)));
        Assert.Empty(_story.Owes());
        Assert.Equal(1, dead.Sends);
    }

    // WAKE-7
    [Theory]
    [InlineData(0.4, false)]
    [InlineData(60, true)]
    public void An_error_counts_as_the_turns_own_by_when_the_session_was_looked_at_and_not_by_when_that_was_heard(double seconds, bool counts)
    {
        _story.Answer(_story.Running());
        var wake = _story.Deliver(_story.Root);
        var lookedAt = _story.Now + TimeSpan.FromSeconds(seconds);
        _story.After(TimeSpan.FromSeconds(60));
        var reply = _story.See(
            _story.Root, Look.Idle(_story.Now, Look.Sent(wake.Key, _story.Now)), new TaskError(FailureClass.Passing, "overloaded", "later"), lookedAt: lookedAt);
        Assert.Equal(counts, reply is Reply.Nudge);
        Assert.Equal(counts, reply is not Reply.LookAgain);
    }

    [Fact]
    public void A_nudge_that_was_not_sent_is_withdrawn_and_owed_again()
    {
        _story.Answer(_story.Running());
        var wake = _story.Deliver(_story.Root);
        var turn = Look.Said("", _story.Now);
        Assert.IsType<Reply.Ignored>(_story.Send(new WithdrawNudge(wake.Id)));
        Assert.IsType<Reply.Nudge>(See(Look.Sent(wake.Key, _story.Now), turn));
        _story.Send(new NudgeFound(wake.Id, "empty", After: "m2"));
        Assert.IsType<Reply.Done>(_story.Send(new WithdrawNudge(wake.Id)));

        Assert.IsType<Reply.Nudge>(See(Look.Sent(wake.Key, _story.Now), turn));
        Assert.IsType<Reply.Done>(_story.Send(new NudgeFound(wake.Id, "empty")));
    }

    [Fact]
    public void An_answer_to_the_nudge_consumes_the_wake()
    {
        _story.Answer(_story.Running());
        var wake = _story.Deliver(_story.Root);
        See(Look.Sent(wake.Key, _story.Now), Look.Said("", _story.Now));
        _story.Send(new NudgeFound(wake.Id, "empty"));

        See(Look.Sent(wake.Key, _story.Now), Look.Said("", _story.Now), Look.Sent(wake.NudgeKey, _story.Now), Look.Said("nothing left", _story.Now));

        Assert.Equal(WakePhase.Consumed, _story.Crew.Find(wake.Id)!.Phase);
    }

    // WAKE-8
    [Fact]
    public void Output_of_a_turn_before_the_wakes_message_does_not_count()
    {
        _story.Answer(_story.Running());
        var wake = _story.Deliver(_story.Root);

        Assert.IsType<Reply.RunAgain>(See(Look.Said("earlier", _story.Now), Look.Sent(wake.Key, _story.Now)));
        Assert.IsType<Reply.LookAgain>(_story.See(_story.Root, Look.Working(_story.Now, Look.Sent(wake.Key, _story.Now), Look.CalledTools("let me see", _story.Now))));

        Assert.Equal(WakePhase.Admitted, _story.Crew.Find(wake.Id)!.Phase);
    }

    // WAKE-8: a look that took long and shows the history as it was before the wake.
    [Fact]
    public void A_look_from_before_the_admission_says_nothing_about_the_wake()
    {
        _story.Answer(_story.Running());
        var (old, asOf) = (Look.Idle(_story.Now, Look.Said("earlier", _story.Now)), _story.Crew.Version);
        var wake = _story.Deliver(_story.Root);

        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<Reply.LookAgain>(_story.See(_story.Root, old, asOf: asOf)).After);

        Assert.Equal(WakePhase.Admitted, _story.Crew.Find(wake.Id)!.Phase);
    }

    [Fact]
    public void A_history_that_was_cut_back_to_after_the_wake_shows_its_answer_all_the_same()
    {
        _story.Answer(_story.Running());
        var wake = _story.Deliver(_story.Root);

        See(Look.Said("summary", _story.Now));

        Assert.Equal(WakePhase.Consumed, _story.Crew.Find(wake.Id)!.Phase);
    }

    // WAKE-15
    [Fact]
    public void A_wake_that_dies_in_a_nested_session_changes_nothing_above_it()
    {
        var outer = _story.Running();
        var inner = _story.Running(from: _story.SessionOf(outer));
        _story.Answer(inner);
        var wake = _story.Lease(_story.SessionOf(outer));

        _story.Send(new AbandonWake(wake.Id, "Refused"));

        Assert.Equal(AgentTaskStatus.Running, _story.Task(outer).Status);
        Assert.Single(_story.Last.Events);
        Assert.True(_story.Crew.MailboxOf(_story.Root).Waiting.IsEmpty);
    }

    // WAKE-10
    [Fact]
    public void A_wake_on_its_way_to_a_session_that_is_gone_is_a_dead_letter()
    {
        _story.Answer(_story.Running());
        var wake = _story.Deliver(_story.Root);

        _story.Send(new SessionLost(_story.Root, Deleted: false));

        Assert.Equal((WakePhase.DeadLettered, "SessionGone"), (_story.Crew.Find(wake.Id)!.Phase, _story.Crew.Find(wake.Id)!.DeadLetter));
        Assert.Empty(_story.Owes());
    }

    private Reply See(params ReadOnlySpan<SeenMessage> messages) => _story.See(_story.Root, Look.Idle(_story.Now, messages));

    private void Taken(Wake wake) => See(Look.Sent(wake.Key, _story.Now), Look.Said("taken in", _story.Now));
}
