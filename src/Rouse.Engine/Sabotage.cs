namespace Rouse.Engine;

/// <summary>Deliberate faults in the shell, as those in the decisions (<c>Rouse.Core/Sabotage.cs</c>).</summary>
internal static class Sabotage
{
#if SABOTAGE
    [ThreadStatic]
    internal static bool
#else
    internal const bool
#endif
        // Commits
        AcknowledgesBeforeTheCommit = false,
        MissesAnUnknownCommit = false,
        TakesAConflictForSuccess = false,
        LeavesMailboxesOutOfSnapshots = false,
        IgnoresTheIdempotencyKey = false,
        HidesDeadLetters = false,
        LeavesReceiptsOutOfSnapshots = false,
        LeavesRoundsOutOfSnapshots = false,
        LeavesClaimsOutOfSnapshots = false,

        // Lanes
        LeavesOutTheLaneGuard = false,
        MissesFreedSlots = false,
        IgnoresThePriority = false,
        StartsTheYoungestFirst = false,
        LetsNewWorkGoBeforeWakes = false,
        ForgetsWhoHasMost = false,
        LooksAtOneLaneOnly = false,
        KeepsSlotsThatAReloadDenies = false,
        MissesQueuedWorkInAReload = false,
        ForgetsSlotsInARestart = false,
        ForgetsTheQueueInARestart = false,
        ForgetsAStartThatFailed = false,

        // The pump
        ForgetsDeadlinesInARestart = false,
        ForgetsWakesInARestart = false,
        DropsWhatDidNotWork = false,
        BacksOffForDays = false,
        TriesWhileTheInstanceIsDown = false,
        LooksAtNothingAfterAGap = false,
        ForgetsAbortsInARestart = false,
        MissesASignalWhileAtWork = false,
        ForgetsWhatStoodBehind = false,
        NeverBacksOff = false,
        TellsNobodyWhoWaits = false,
        IgnoresADeletion = false,

        // Attempts
        NamesEachCreationAnew = false,
        LosesTasksWithTheConnection = false,
        LosesASessionAfterOneMiss = false,
        PromptsWhatIsNoLongerWanted = false,
        BelievesAnAbortThatWasNotSeen = false,
        StopsOnlyTheSessionItself = false,
        BreaksOffWhatItClaimed = false,
        TrustsSignalsAlone = false,
        GivesUpCreatingAtOnce = false,
        GivesUpAfterTwoSends = false,
        SendsWithoutAClaim = false,
        SendsAgainWhatNobodyCanBeAskedFor = false,
        LosesASessionInThreeLooks = false,
        WaitsForAnAnswerForEver = false,

        // What is asked for
        PromptsTheFirstModel = false,
        DropsTheTools = false,
        DropsThePermissions = false,
        WorksInTheParentsDirectory = false,
        DropsTheDeadline = false,
        DropsTheFallbacks = false,
        LetsAnyPriorityIn = false,
        LetsAPromptOfAnySizeIn = false,

        // What is told
        SaysThatAllWasCancelled = false,
        PromisesAWakeToAll = false,
        HidesThatASessionIsGone = false,
        HidesThatANoticeWasRead = false,
        HidesWhyAnAttemptFailed = false,
        CutsTheOutput = false,
        CallsOutputOfAFailureWhole = false,
        SkipsARowBetweenPages = false,
        ShowsTheNextWakeForAll = false,
        CountsPlacesFromZero = false,
        ExplainsNothing = false,
        LeavesTheFeedAsleep = false,
        RepeatsAnEvent = false,
        SkipsAnEvent = false,

        // Wakes
        SendsAgainAtOnce = false,
        SendsAgainWithoutAReadBack = false,
        NamesEachSendAnew = false,
        CountsASendAsAdmitted = false,
        GivesBackAClaimThatMayHaveBeenSent = false,
        ChangesAWakeAfterItsDispatch = false,
        RepeatsTheWakeInItsNudge = false,
        TakesUnreadableForIdle = false,
        JudgesTheGateOnAnOldLook = false;
}
