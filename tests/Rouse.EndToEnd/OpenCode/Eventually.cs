namespace Rouse.EndToEnd.OpenCode;

/// <summary>
/// Asks again and again, for what OpenCode tells only when asked. Where there is a signal or an event, wait for that instead.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns the first answer that meets the condition.</summary>
    /// <exception cref="TimeoutException">None did in time; the message holds the last one.</exception>
    public static async Task<T> HoldsAsync<T>(
        Func<CancellationToken, Task<T>> ask,
        Func<T, bool> condition,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var limit = timeout ?? s_defaultTimeout;
        using var deadline = new CancellationTokenSource(limit);
        while (true)
        {
            var answer = await ask(cancellationToken);
            if (condition(answer))
            {
                return answer;
            }

            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"Not so within {limit.TotalSeconds} s. The last answer was: {answer}");
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }
}
