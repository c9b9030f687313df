namespace Rouse.Core;

/// <summary>
/// Deliberate faults in the decisions: mistakes that a programmer could make, each where it would be made. The simulation must catch every one
/// (tests/Rouse.Saboteurs). In the product each is a constant, and the compiler leaves no trace of it.
/// </summary>
internal static class Sabotage
{
#if SABOTAGE
    [ThreadStatic]
    internal static bool
#else
    internal const bool
#endif
        // Tasks and attempts
        CompletesBeforeTheSubtreeSettles = false,
        CompletesATurnThatWasCutOff = false,
        ResurrectsACancelledTask = false,
        LetsALateResultOverrideACancellation = false,
        HeedsAnOlderAttempt = false,
        RunsWorkWithEffectsAgain = false,
        CancelsOnlyTheTaskItself = false,
        KeepsTheWorkOfADeletedSession = false,
        ForgetsToAbort = false,
        CountsOnlyTheDirectParent = false,
        AllowsOneTaskTooMany = false,
        ForgetsWhatIsOwed = false,

        // Lanes
        ReleasesASlotEarly = false,
        NeverReleasesASlot = false,
        KeepsTheSlotWhileSettling = false,
        ResumesWithoutASlot = false,

        // Mailboxes
        TellsNobodyOfACancellation = false,
        PostsANoticeWithoutItsWake = false,
        RoutesByLastUse = false,
        MixesTheMailboxes = false,
        WakesAtTheFirstOfAGroup = false,
        LetsFailuresWaitForSiblings = false,
        AcknowledgesTheWholeMailbox = false,
        WakesForWhatWasAcknowledged = false,

        // Wakes
        IgnoresTheLease = false,
        IgnoresTheEpoch = false,
        DropsNoticesWhenTheParentIsBusy = false,
        DropsTheWakeOfABusyParent = false,
        CountsADepositAsConsumed = false,
        CountsAnOlderTurnAsConsumed = false,
        CountsAnEmptyTurnAsConsumed = false,
        NeverNudges = false,

        // The gate
        PassesAnOpenQuestion = false,
        PassesAnOpenToolCall = false,
        InterruptsAPerson = false;
}
