using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Rouse.Engine;

namespace Rouse.Harnesses.Chat;

/// <summary>Tells every watcher what happens. Who is slow misses hints and is told that it did; nobody else waits for it.</summary>
internal sealed class Signals
{
    private readonly Lock _lock = new();
    private readonly List<Watcher> _watchers = [];
    private bool _closed;

    public void Emit(HarnessSignal signal)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Hear(signal);
            }
        }
    }

    /// <summary>Ends every watch, also those that come later.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _watchers.ForEach(w => w.Close());
        }
    }

    /// <param name="waiting">How many signals may wait.</param>
    public Watcher Watch(int waiting)
    {
        var watcher = new Watcher(this, waiting);
        lock (_lock)
        {
            _watchers.Add(watcher);
            if (_closed)
            {
                watcher.Close();
            }
        }

        return watcher;
    }

    private void Remove(Watcher watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }
    }

    /// <summary>Listens from its making on.</summary>
    internal sealed class Watcher(Signals signals, int waiting) : IDisposable
    {
        private readonly Channel<HarnessSignal> _channel = Channel.CreateBounded<HarnessSignal>(new BoundedChannelOptions(waiting) { SingleReader = true });
        private int _missed;

        public void Hear(HarnessSignal signal)
        {
            if (!_channel.Writer.TryWrite(signal) && signal is not HarnessSignal.Progress)
            {
                Volatile.Write(ref _missed, 1);
            }
        }

        /// <summary>What was heard; <see cref="HarnessSignal.Connected"/> first, and again wherever something was missed.</summary>
        public async IAsyncEnumerable<HarnessSignal> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new HarnessSignal.Connected();
            await foreach (var signal in _channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (Interlocked.Exchange(ref _missed, 0) != 0)
                {
                    yield return new HarnessSignal.Connected();
                }

                yield return signal;
            }
        }

        public void Close() => _channel.Writer.TryComplete();

        public void Dispose() => signals.Remove(this);
    }
}
