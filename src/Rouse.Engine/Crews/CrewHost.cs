using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>The active crews of a node. Crews with nothing to do leave memory when there are many.</summary>
internal sealed partial class CrewHost(IJournal journal, EngineOptions options, TimeProvider time, SteadyTime steady, ILogger<CrewHost> log)
{
    private static readonly TimeSpan ReloadAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestReload = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<CrewId, LinkedListNode<CrewRunner>> _runners = [];
    private readonly LinkedList<CrewRunner> _byUse = new();
    private readonly HashSet<CrewRunner> _reloading = [];

    /// <summary>Told of every commit, in order per crew, before the inputs' senders are.</summary>
    public event Action<Commit, Crew, IReadOnlyList<Decision>, long>? OnCommitted;

    /// <summary>Told when a crew was read again because its commits may not all have been seen here.</summary>
    public event Action<Crew>? OnReloaded;

    public int SnapshotEvery => options.SnapshotEvery;

    public LaneLimits Lanes => options.Lanes;

    public Moment Now() => new(time.GetUtcNow(), options.Rules, steady.GetUtcNow());

    /// <summary>Decides an input and commits what it leads to.</summary>
    /// <exception cref="CommitRefusedException">The store refused it.</exception>
    /// <exception cref="JournalUnavailableException">The store cannot be used now.</exception>
    public Task<Reply> SubmitAsync(CrewId crew, Input input) => RunnerOf(crew).SubmitAsync(input);

    /// <summary>The committed state of a crew; null when there is none.</summary>
    public Task<Crew?> ReadAsync(CrewId crew) => RunnerOf(crew).ReadAsync();

    public ValueTask<StoredCrew?> LoadAsync(CrewId crew) => journal.LoadAsync(crew, CancellationToken.None);

    public async ValueTask<CommitResult> CommitAsync(Commit commit)
    {
        var started = time.GetTimestamp();
        var result = await journal.CommitAsync(commit, CancellationToken.None);
        EngineMeters.Commits.Add(1, new KeyValuePair<string, object?>("result", result.GetType().Name));
        EngineMeters.CommitDuration.Record(time.GetElapsedTime(started).TotalSeconds);
        return result;
    }

    public void Committed(Commit commit, Crew after, IReadOnlyList<Decision> decisions, long lastPosition) =>
        OnCommitted?.Invoke(commit, after, decisions, lastPosition);

    public void BatchFailed(CrewRunner runner, Exception error)
    {
        if (error is JournalUnavailableException)
        {
            LogUnavailable(runner.Id, error.Message);
        }
        else
        {
            LogDefect(error, runner.Id);
        }

        bool first;
        lock (_gate)
        {
            first = _reloading.Add(runner);
        }

        if (first)
        {
            _ = ReloadAsync(runner);
        }
    }

    public void Reloaded(Crew crew) => OnReloaded?.Invoke(crew);

    /// <summary>A failed commit may have happened: what the crew owes is read again as soon as the journal can be read.</summary>
    private async Task ReloadAsync(CrewRunner runner)
    {
        for (var wait = ReloadAfter; ; wait = wait < LongestReload ? wait * 2 : wait)
        {
            await Task.Delay(wait, time);
            try
            {
                await runner.RefreshAsync();
            }
            catch (Exception error) when (error is not ObjectDisposedException)
            {
                LogNotReloaded(runner.Id, error.Message);
            }

            lock (_gate)
            {
                if (!runner.HasMissed)
                {
                    _reloading.Remove(runner);
                    return;
                }
            }
        }
    }

    private CrewRunner RunnerOf(CrewId crew)
    {
        lock (_gate)
        {
            if (_runners.TryGetValue(crew, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddLast(node);
                return node.Value;
            }

            Evict();
            var runner = new CrewRunner(crew, this);
            _runners[crew] = _byUse.AddLast(runner);
            return runner;
        }
    }

    /// <summary>
    /// Only runners that do nothing leave. One that is handed out in the same instant goes on alone for one input; the version guards the stream.
    /// </summary>
    private void Evict()
    {
        var node = _byUse.First;
        while (_runners.Count >= options.CachedCrews && node is not null)
        {
            var next = node.Next;
            if (node.Value.IsIdle)
            {
                _byUse.Remove(node);
                _runners.Remove(node.Value.Id);
            }

            node = next;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal is unavailable; inputs of {Crew} were refused: {Reason}")]
    private partial void LogUnavailable(CrewId crew, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Crew} cannot be read again yet: {Reason}")]
    private partial void LogNotReloaded(CrewId crew, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A batch of {Crew} failed; this is a defect")]
    private partial void LogDefect(Exception error, CrewId crew);
}
