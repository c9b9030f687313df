namespace Rouse.Conformance.Harnesses.Grades;

/// <summary>What an adapter can prove of itself. The first twelve make its grade; the others hold whatever the grade.</summary>
public enum Guarantee
{
    /// <summary>One key makes one session: asked twice, asked twice at once, and when the first answer was lost.</summary>
    CreatedOnce,

    /// <summary>What is reported as not sent, busy or refused is not in the history: it never says "no" where it should say "unknown".</summary>
    SaysWhatIsKnown,

    /// <summary>What is reported as sent is in the history, and is run: where nothing can be read back, that report is all there is.</summary>
    SentIsThere,

    /// <summary>One delivery makes at most one entry, whatever happens to it.</summary>
    OneEntryPerSend,

    /// <summary>A delivery is found by its key, and another one is not.</summary>
    ReadBack,

    /// <summary>What cannot be read is never reported as not found.</summary>
    ReadBackNeverGuesses,

    /// <summary>After a fault the same delivery, sent again, is in the history.</summary>
    ArrivesWhenSentAgain,

    /// <summary>Refused before it was stored and sent again: one entry, run once.</summary>
    OnceAfterRefusal,

    /// <summary>Stored, its answer lost, and sent again: one entry, run once.</summary>
    OnceAfterLostReply,

    /// <summary>Stored, no answer before the deadline, and sent again: one entry, run once.</summary>
    OnceAfterHang,

    /// <summary>Taken by a harness that is then killed and started again, and sent again: one entry.</summary>
    OnceAfterKill,

    /// <summary>Sent twice at the same time: one entry, run once.</summary>
    OnceWhenSentTwiceAtOnce,

    /// <summary>Working, idle, open tools, errors and interruptions are seen as they are, and what cannot be read is never seen as idle.</summary>
    InspectsTruthfully,

    /// <summary>Whoever watches is told when signals may have been missed.</summary>
    TellsOfGaps,

    /// <summary>After an abort that was seen to end a turn, nothing more comes of it.</summary>
    AbortStops,

    /// <summary>A harness that hangs ends no call late.</summary>
    HonoursDeadlines,

    /// <summary>No secret is in a result, a signal or a log.</summary>
    KeepsSecrets,
}
