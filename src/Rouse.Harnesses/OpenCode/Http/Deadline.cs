namespace Rouse.Harnesses.OpenCode.Http;

/// <summary>The time that one operation has, whatever it calls; ends early when its caller gives up.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public Deadline(TimeSpan span, TimeProvider time, CancellationToken caller)
    {
        Span = span;
        Caller = caller;
        _timer = new CancellationTokenSource(span, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(caller, _timer.Token);
    }

    public TimeSpan Span { get; }

    public CancellationToken Caller { get; }

    public CancellationToken Token => _linked.Token;

    public bool IsOver => _timer.IsCancellationRequested;

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
