using Rouse.Core;

namespace Rouse.Engine;

/// <summary>One obligation in the hands of its performer, with what the performers remember of it between runs. The memory is lost in a restart.</summary>
/// <param name="cutOff">A stop is waited for no longer: also what it would let finish is broken off.</param>
internal sealed class Performance(CrewId crew, Obligation obligation, Action<Performance, Address> listen, CancellationToken cutOff)
{
    private DateTimeOffset _beganAt;

    public CrewId Crew => crew;

    public Obligation Obligation { get; set; } = obligation;

    public CancellationToken CutOff => cutOff;

    /// <summary>How often in a row it did not work.</summary>
    public int Failures { get; set; }

    /// <summary>Looks in a row that found the session missing, and when the first was heard.</summary>
    public int Misses { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>Since when a read-back has found nothing.</summary>
    public DateTimeOffset? QuietSince { get; set; }

    /// <summary>Since when a stored prompt has been seen not begun.</summary>
    public DateTimeOffset? NotBegunSince { get; set; }

    /// <summary>How often a prompt that was stored and not begun has been run again. An instance that comes back does not reset it.</summary>
    public int RunsAgain { get; set; }

    /// <summary>How often it was taken, so that it may have started a turn, since the instance was away last: a turn from before may have died with it.</summary>
    public int RunsWhileUp { get; set; }

    /// <summary>Sends in a row that were followed by another one, because the read-back found no trace of them.</summary>
    public int SendsUntraced { get; set; }

    /// <summary>Claimed in this life for the one send that its harness gets, and known not to have been sent yet.</summary>
    public bool MaySend { get; set; }

    /// <summary>
    /// The lease or attempt under which the harness has acknowledged the send, and the newest message just before; also while the store cannot take it down.
    /// </summary>
    public (int Claim, string? After)? Taken { get; set; }

    /// <summary>The lease that was taken in this life and is known not to have been sent under yet; 0 for none.</summary>
    public int UnsentLease { get; set; }

    /// <summary>The harness reported the session deleted.</summary>
    public bool DeletedReported { get; set; }

    /// <summary>The last error that the harness's stream reported for the session.</summary>
    public TaskError? LastError { get; set; }

    /// <summary>Whether an error that is reported is one of the prompt's own: it was sent, and no other turn was met since.</summary>
    public bool OwnsErrors { get; set; }

    /// <summary>Why it waits, for explain.</summary>
    public string? Reason { get; set; }

    /// <summary>It is performed once more, from now on.</summary>
    public void Begin(DateTimeOffset now) => _beganAt = now;

    /// <summary>
    /// How long after that time the looks of this run were taken, at least. What they say may be long past when it is heard: a process may have stood still.
    /// </summary>
    public TimeSpan LookedAfter(DateTimeOffset time) => _beganAt > time ? _beganAt - time : TimeSpan.Zero;

    /// <summary>The instance was away: what was counted before counts no more, and the time away was no quiet.</summary>
    public void StartAfresh(DateTimeOffset now)
    {
        (Failures, Misses, RunsWhileUp, SendsUntraced, OwnsErrors) = (0, 0, 0, 0, false);
        (MissingSince, NotBegunSince, Reason) = (null, null, null);
        QuietSince = QuietSince is null ? null : now;
    }

    public TaskId Task => new(crew, Obligation.Subject);

    public WakeId Wake => new(crew, Obligation.Subject);

    /// <summary>From here on a change of this session has the obligation performed again. Called before the session is read.</summary>
    public void Listen(Address address) => listen(this, address);
}
