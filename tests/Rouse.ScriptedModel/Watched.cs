namespace Rouse.ScriptedModel;

/// <summary>
/// A value that others wait on: whoever changes it wakes everyone who waits, and each looks again. It is how tests wait for something to
/// happen without sleeping. Safe for any number of threads; <typeparamref name="T"/> must be immutable.
/// </summary>
public sealed class Watched<T>(T initial)
    where T : class
{
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private T _current = initial;
    private TaskCompletionSource _changed = NewSignal();

    public T Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Replaces the value by what <paramref name="change"/> makes of it, and returns the new one.</summary>
    public T Change(Func<T, T> change)
    {
        T next;
        TaskCompletionSource signal;
        lock (_lock)
        {
            next = _current = change(_current);
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
        return next;
    }

    /// <summary>Returns the first value seen that meets the condition.</summary>
    /// <exception cref="TimeoutException">None did in time. The message says what was awaited and, by <paramref name="story"/>, what was
    /// there.</exception>
    public async Task<T> WaitUntilAsync(
        Func<T, bool> condition,
        Func<T, string> story,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var limit = timeout ?? s_defaultTimeout;
        using var deadline = new CancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (true)
        {
            T seen;
            Task changed;
            lock (_lock)
            {
                seen = _current;
                changed = _changed.Task;
            }

            if (condition(seen))
            {
                return seen;
            }

            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Not seen within {limit.TotalSeconds} s: {story(seen)}", exception);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
