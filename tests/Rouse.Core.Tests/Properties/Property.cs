namespace Rouse.Core.Tests;

/// <summary>What is checked after every step of a random story.</summary>
internal enum Property
{
    OneOutcome,
    OneNoticePerOutcome,
    NothingOwedIsForgotten,
    NoticesEndOnce,
    OneWakeInFlight,
    ConsumedByALaterLook,
    ASentWakeSaysTheSame,
    SlotsHold,
    SlotsGrowByStartsOnly,
    CancelledStaysCancelled,
    LivingReturnAddress,
    CompletionIsQuiescent,
    EventsRebuildTheState,
    DifferencesAddUp,
    TouchedCoversChanges,
    ForgettingChangesNothing,
    DecideIsPure,
    NothingThrows,
}

internal sealed record Violation(Property Property, string What);
