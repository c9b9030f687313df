using Rouse.Engine;
using Rouse.ScriptedModel;

namespace Rouse.Conformance.Harnesses;

/// <summary>Watches an instance and keeps what it says.</summary>
internal sealed class SignalLog : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Watched<IReadOnlyList<HarnessSignal>> _heard = new([]);
    private readonly Task _watching;

    public SignalLog(IHarness harness) => _watching = WatchAsync(harness);

    /// <summary>Waits until one was heard, after as many as are skipped.</summary>
    public Task WaitAsync(Func<HarnessSignal, bool> predicate, int skip = 0, TimeSpan? timeout = null) =>
        _heard.WaitUntilAsync(
            heard => heard.Count(predicate) > skip,
            heard => $"the signal, but these came: {string.Join(", ", heard)}",
            timeout ?? TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);

    public IReadOnlyList<HarnessSignal> Heard => _heard.Current;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync(IHarness harness)
    {
        try
        {
            await foreach (var signal in harness.WatchAsync(_stopping.Token))
            {
                _heard.Change(heard => [.. heard, signal]);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
