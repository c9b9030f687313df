namespace Rouse.Core.Tests;

/// <summary>What holds in every reachable state of a crew, whatever comes in and in whatever order (DESIGN, the invariants).</summary>
public sealed class CrewProperties(RandomStories stories) : IClassFixture<RandomStories>
{
    // Invariant 2.
    [Fact]
    public void A_task_has_one_outcome_and_late_news_never_changes_it() => stories.Hold(Property.OneOutcome);

    // Invariant 3, NOTE-1.
    [Fact]
    public void Every_outcome_makes_one_settled_notice_at_the_return_address_in_the_same_decision() => stories.Hold(Property.OneNoticePerOutcome);

    // Invariant 4, WAKE-1.
    [Fact]
    public void Nothing_that_is_owed_is_forgotten() => stories.Hold(Property.NothingOwedIsForgotten);

    // Invariant 4.
    [Fact]
    public void A_notice_ends_in_one_way_and_is_brought_by_one_wake() => stories.Hold(Property.NoticesEndOnce);

    // Invariant 6, GATE-7.
    [Fact]
    public void A_session_has_one_wake_in_flight_and_one_that_is_due() => stories.Hold(Property.OneWakeInFlight);

    // WAKE-8.
    [Fact]
    public void A_wake_is_consumed_only_by_what_was_seen_after_it_was_admitted() => stories.Hold(Property.ConsumedByALaterLook);

    // Invariant 5, NOTE-11.
    [Fact]
    public void What_a_claimed_wake_says_never_changes() => stories.Hold(Property.ASentWakeSaysTheSame);

    // Invariant 8, LANE-4, CAN-4.
    [Fact]
    public void Slots_follow_from_the_state() => stories.Hold(Property.SlotsHold);

    // Invariant 8: the commit that takes a slot is guarded by the lane's limit, and no other is.
    [Fact]
    public void Only_a_start_and_a_resumption_take_slots() => stories.Hold(Property.SlotsGrowByStartsOnly);

    // Invariant 9, CAN-6.
    [Fact]
    public void Cancelled_stays_cancelled() => stories.Hold(Property.CancelledStaysCancelled);

    // Invariant 11, CAN-12.
    [Fact]
    public void No_open_task_is_without_a_living_return_address() => stories.Hold(Property.LivingReturnAddress);

    // Invariant 11, DONE-4.
    [Fact]
    public void A_task_completes_only_when_what_it_delegated_is_settled_and_taken_in() => stories.Hold(Property.CompletionIsQuiescent);

    // Invariant 13.
    [Fact]
    public void Stored_events_rebuild_the_state() => stories.Hold(Property.EventsRebuildTheState);

    // Design 4.1: the commit stores the difference.
    [Fact]
    public void The_differences_of_the_commits_add_up_to_what_is_owed() => stories.Hold(Property.DifferencesAddUp);

    [Fact]
    public void What_a_decision_touched_covers_every_row_that_it_changed() => stories.Hold(Property.TouchedCoversChanges);

    // Design 4.1: a long-lived crew forgets.
    [Fact]
    public void Forgetting_what_is_over_and_loading_a_snapshot_change_no_decision() => stories.Hold(Property.ForgettingChangesNothing);

    [Fact]
    public void A_decision_depends_on_its_input_alone_and_changes_nothing() => stories.Hold(Property.DecideIsPure);

    [Fact]
    public void No_input_makes_a_crew_throw() => stories.Hold(Property.NothingThrows);

    /// <summary>Properties that are checked on states that never come about prove nothing.</summary>
    [Fact]
    public void The_stories_reach_every_kind_of_event()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("ROUSE_SEED") is not null, "one story does not reach everything");
        var missing = typeof(Event).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Event)) && t != typeof(UnknownEvent)).Except(stories.SeenEvents);
        Assert.Empty(missing.Select(t => t.Name));
    }
}
