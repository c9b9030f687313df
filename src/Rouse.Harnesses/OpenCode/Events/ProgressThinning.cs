using Rouse.Engine;

namespace Rouse.Harnesses.OpenCode.Events;

/// <summary>OpenCode sends an event for every token. One sign of progress a second and session says as much.</summary>
internal sealed class ProgressThinning(TimeProvider time)
{
    private const int MostRemembered = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    public bool LetsPass(HarnessSignal signal)
    {
        if (signal is not HarnessSignal.Progress progress)
        {
            return true;
        }

        if (_last.TryGetValue(progress.SessionId, out var last) && time.GetElapsedTime(last) < Interval)
        {
            return false;
        }

        if (_last.Count >= MostRemembered)
        {
            _last.Clear();
        }

        _last[progress.SessionId] = time.GetTimestamp();
        return true;
    }
}
