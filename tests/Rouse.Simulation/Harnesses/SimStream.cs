using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>One connection to what a harness says. What is said while it is broken is missed.</summary>
internal sealed class SimStream
{
    private readonly Queue<HarnessSignal> _waiting = new();
    private TaskCompletionSource? _reader;
    private bool _connected;

    public void Connect()
    {
        _connected = true;
        Put(new HarnessSignal.Connected());
    }

    public void Break()
    {
        _connected = false;
        Put(new HarnessSignal.Disconnected("connection lost"));
    }

    public void Say(HarnessSignal signal)
    {
        if (_connected)
        {
            Put(signal);
        }
    }

    public async Task<HarnessSignal> NextAsync(CancellationToken cancellationToken)
    {
        while (_waiting.Count == 0)
        {
            var reader = _reader = new TaskCompletionSource();
            await using var _ = cancellationToken.Register(() => reader.TrySetCanceled(cancellationToken));
            await reader.Task;
        }

        return _waiting.Dequeue();
    }

    private void Put(HarnessSignal signal)
    {
        _waiting.Enqueue(signal);
        _reader?.TrySetResult();
    }
}
