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

        // Lanes
        LeavesOutTheLaneGuard = false,
        MissesFreedSlots = false,
        IgnoresThePriority = false,

        // The pump
        ForgetsDeadlinesInARestart = false,
        ForgetsWakesInARestart = false,
        DropsWhatDidNotWork = false,
        BacksOffForDays = false,
        TriesWhileTheInstanceIsDown = false,
        LooksAtNothingAfterAGap = false,

        // Attempts
        NamesEachCreationAnew = false,
        LosesTasksWithTheConnection = false,
        LosesASessionAfterOneMiss = false,
        PromptsWhatIsNoLongerWanted = false,
        BelievesAnAbortThatWasNotSeen = false,
        BreaksOffWhatItClaimed = false,
        EndsWhatAPromptMayStillReach = false,
        TrustsSignalsAlone = false,

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
