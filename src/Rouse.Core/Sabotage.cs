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
        TakesARestingSessionForStill = false,
        CountsOnlyTheDirectParent = false,
        AllowsOneTaskTooMany = false,
        ForgetsWhatIsOwed = false,
        AcceptsWorkOfARunThatIsOver = false,
        AcceptsAnotherRequestUnderItsKey = false,
        ForgetsWhatHangsBelow = false,
        KeepsTheWorkOfAReplacedAttempt = false,
        FallsBackForAnyError = false,
        GivesUpWithAFallbackLeft = false,
        TriesADeadProviderAgain = false,
        CompletesOverOpenTodos = false,
        BelievesTheFirstIdleLook = false,
        CallsAStopAFailure = false,
        MovesTheDeadline = false,
        LetsItWorkOnAfterItsDeadline = false,

        // Results
        ReportsTheFirstWords = false,
        ThrowsPiecesAway = false,
        CallsAPieceTheWhole = false,
        HidesThatItWasTruncated = false,
        ThrowsLateResultsAway = false,

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
        AcknowledgesOnlyWhatWaits = false,
        DeadLettersWhatWasRead = false,
        KeepsTheMailboxOfTheDead = false,
        WakesWhoeverWantsNone = false,
        WakesForItsOwnCancel = false,
        NeverMerges = false,
        StartsNoNewRound = false,
        LeavesBehindWhatRidesAlong = false,
        BringsOneNoticeAtATime = false,
        TellsTheNewestFirst = false,

        // Wakes
        IgnoresTheLease = false,
        IgnoresTheEpoch = false,
        DropsNoticesWhenTheParentIsBusy = false,
        DropsTheWakeOfABusyParent = false,
        CountsADepositAsConsumed = false,
        CountsAnOlderTurnAsConsumed = false,
        CountsAnEmptyTurnAsConsumed = false,
        NeverNudges = false,
        ForgetsThatItNudged = false,
        LeasesUnderTheSameEpoch = false,
        NeverSaysWhatHoldsAWake = false,
        TakesAnEchoForItsError = false,

        // What a wake says
        MentionsNoEarlierFailure = false,
        NamesNoOpenTask = false,
        TellsTheWrongStatus = false,
        ForgetsTheGoal = false,
        CutsResultsShort = false,
        LetsAResultCloseItsFence = false,
        LetsAResultPassForANotice = false,

        // The gate
        PassesAnOpenQuestion = false,
        PassesAnOpenToolCall = false,
        InterruptsAPerson = false,
        PassesAPersonWhoIsTyping = false,
        BelievesAMessageFromTheFuture = false;
}
