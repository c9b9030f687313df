namespace Rouse.Core.Tests;

public sealed class GateTests
{
    private static readonly DateTimeOffset Now = CrewStory.Begin;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // GATE-1
    [Fact]
    public void An_idle_session_is_open_and_a_working_one_is_closed_until_it_changes()
    {
        Assert.Null(Closed(Look.Idle(Now, Look.Said("done", Now))));
        Assert.Equal(("working", null), Closed(Look.Working(Now, Look.Said("done", Now))));
    }

    [Fact]
    public void A_session_without_any_message_is_open() => Assert.Null(Closed(Look.Idle(Now)));

    // GATE-2
    [Fact]
    public void An_open_tool_call_of_a_working_session_is_named()
    {
        Assert.Equal(("open-tool-call", null), Closed(Look.Working(Now, Look.Began("", Now) with { ToolOpen = true })));
        Assert.Equal(("working", null), Closed(Look.Working(Now, Look.Began("", Now) with { ToolOpen = true }, Look.Began("", Now))));
        Assert.Equal(("retrying", null), Closed(Look.Working(Now) with { Retrying = "overloaded" }));
    }

    // GATE-3
    [Fact]
    public void An_unanswered_question_closes_whatever_else_is_seen()
    {
        Assert.Equal(("open-question", null), Closed(Look.Idle(Now) with { OpenQuestion = "may I?" }));
        Assert.Equal(("open-question", null), Closed(Look.Working(Now) with { OpenQuestion = "may I?", PersonTyping = true }));
    }

    // GATE-4
    [Theory]
    [InlineData(0, 2001)]
    [InlineData(1000, 1001)]
    [InlineData(2000, 1)]
    public void A_persons_message_closes_up_to_and_including_two_seconds(int agoMilliseconds, int lookAfterMilliseconds)
    {
        var closed = Closed(Look.Idle(Now, Look.Asked(Now - TimeSpan.FromMilliseconds(agoMilliseconds)), Look.Said("yes", Now)));

        Assert.Equal(("person-spoke", TimeSpan.FromMilliseconds(lookAfterMilliseconds)), closed);
    }

    // GATE-4
    [Fact]
    public void A_persons_message_older_than_two_seconds_closes_nothing_and_the_look_that_is_promised_finds_it_so()
    {
        var person = Look.Asked(Now - Second);
        var again = Now + Closed(Look.Idle(Now, person))!.Value.LookAfter!.Value;

        Assert.Null(Closed(Look.Idle(again, person)));
        Assert.Null(Closed(Look.Idle(Now, Look.Asked(Now - TimeSpan.FromMilliseconds(2001)))));
    }

    // GATE-4: the harness's clock is ahead, or ours was set back.
    [Fact]
    public void A_persons_message_from_the_future_closes_it_only_when_it_is_within_the_window()
    {
        Assert.Equal(("person-spoke", (3 * Second) + TimeSpan.FromMilliseconds(1)), Closed(Look.Idle(Now, Look.Asked(Now + Second))));
        Assert.Null(Closed(Look.Idle(Now, Look.Asked(Now + TimeSpan.FromHours(1)))));
    }

    // GATE-4
    [Fact]
    public void A_window_of_zero_switches_it_off()
    {
        Assert.IsType<GateVerdict.Open>(Gate.Judge(Look.Idle(Now, Look.Asked(Now)), Rules.Default with { PersonWindow = TimeSpan.Zero }));
    }

    // GATE-4
    [Fact]
    public void A_person_typing_closes_it_for_two_seconds() =>
        Assert.Equal(("person-typing", 2 * Second), Closed(Look.Idle(Now) with { PersonTyping = true }));

    // GATE-6, GATE-11
    [Fact]
    public void Rouses_own_messages_at_the_tail_close_nothing() =>
        Assert.Null(Closed(Look.Idle(Now, Look.Said("done", Now), Look.Sent("deposit", Now), Look.Sent("wake", Now))));

    // GATE-9
    [Fact]
    public void A_turn_or_tool_call_that_a_dead_process_left_open_closes_nothing()
    {
        Assert.Null(Closed(Look.Idle(Now, Look.Began("half", Now))));
        Assert.Null(Closed(Look.Idle(Now, Look.Began("", Now) with { ToolOpen = true })));
    }

    private static (string Reason, TimeSpan? LookAfter)? Closed(Inspection inspection) =>
        Gate.Judge(inspection, Rules.Default) is GateVerdict.Closed closed ? (closed.Reason, closed.LookAfter) : null;
}
