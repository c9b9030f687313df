namespace Rouse.Engine;

/// <summary>
/// Until when a prompt may still arrive at a session although nobody waits for its answer any more: the call broke, or the process that made it died.
/// What died before this one was made is not known by session, so that each session may get such a prompt for a while. Safe for use by several threads.
/// </summary>
/// <param name="quiet">How long a request may be on its way.</param>
internal sealed class UnknownSends(TimeSpan quiet, TimeProvider time)
{
    private readonly RecentTimes _sent = new(quiet, time);
    private readonly long _made = time.GetTimestamp();

    /// <summary>A prompt to this session was not answered.</summary>
    public void Add(string session) => _sent.Note(session);

    /// <summary>For how long a prompt may still arrive at this session; zero when none can.</summary>
    public TimeSpan WaitFor(string session)
    {
        var left = quiet - time.GetElapsedTime(_sent.Of(session) ?? _made);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
