using System.Runtime.CompilerServices;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What a harness says on its stream, without replay, and what becomes of it on its way.</summary>
public sealed partial class SimHarness
{
    private readonly Queue<HarnessSignal> _overtaken = new();

    /// <summary>One node at a time listens; the stream of one that died is forgotten.</summary>
    private SimStream? _stream;

    public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = _stream = new SimStream();
        if (IsUp)
        {
            stream.Connect();
        }
        else
        {
            stream.Break();
        }

        while (true)
        {
            yield return await stream.NextAsync(cancellationToken);
        }
    }

    /// <summary>Sends a signal to whoever listens.</summary>
    public void Say(HarnessSignal signal)
    {
        switch (Faults.Of(signal))
        {
            case SignalFault.Lost:
                break;
            case SignalFault.Duplicated x:
                Put(signal);
                _ = PutLaterAsync(signal, x.After);
                break;
            case SignalFault.Delayed x:
                _ = PutLaterAsync(signal, x.By);
                break;
            case SignalFault.Reordered x:
                _overtaken.Enqueue(signal);
                _ = PutOvertakenAsync(x.Most);
                break;
            case SignalFault.Cut x:
                Break();
                _ = ConnectLaterAsync(x.Lasting);
                break;
            default:
                Put(signal);
                break;
        }
    }

    internal void SayChanged(SimSession session) => Say(new HarnessSignal.Changed(session.Address.Id));

    internal async Task SayLaterAsync(HarnessSignal signal, TimeSpan after)
    {
        await WaitAsync(after);
        Say(signal);
    }

    private void Put(HarnessSignal signal)
    {
        _stream?.Say(signal);
        while (_overtaken.TryDequeue(out var late))
        {
            _stream?.Say(late);
        }
    }

    private async Task PutLaterAsync(HarnessSignal signal, TimeSpan after)
    {
        await WaitAsync(after);
        Put(signal);
    }

    private async Task PutOvertakenAsync(TimeSpan after)
    {
        await WaitAsync(after);
        if (_overtaken.TryDequeue(out var late))
        {
            Put(late);
        }
    }

    private async Task ConnectLaterAsync(TimeSpan after)
    {
        await WaitAsync(after);
        if (IsUp)
        {
            Connect();
        }
    }

    /// <summary>The stream is up again: whatever happened before it may have been missed.</summary>
    public event Action? OnConnected;

    private void Connect()
    {
        OnConnected?.Invoke();
        _stream?.Connect();
    }

    private void Break() => _stream?.Break();
}
