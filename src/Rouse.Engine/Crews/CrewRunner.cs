using Rouse.Core;

namespace Rouse.Engine;

/// <summary>
/// Takes the inputs of one crew in order. It drains what waits, decides all of it, commits it together, and only then replies.
/// </summary>
internal sealed class CrewRunner(CrewId id, CrewHost host)
{
    /// <summary>So many inputs go into one commit at most.</summary>
    private const int Batch = 256;

    private readonly Lock _gate = new();
    private readonly Queue<Pending> _waiting = new();
    private bool _running;
    private long _snapshotAt;

    /// <summary>A commit of this crew may have happened without being seen here: who holds what is owed is told when it is read again.</summary>
    private bool _missed;

    public CrewId Id => id;

    /// <summary>The committed state; null when it was not loaded yet or may be out of date.</summary>
    public Crew? State { get; private set; }

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_running;
            }
        }
    }

    public Task<Reply> SubmitAsync(Input input)
    {
        var pending = new Pending(input);
        bool start;
        lock (_gate)
        {
            _waiting.Enqueue(pending);
            start = !_running;
            _running = true;
        }

        if (start)
        {
            _ = RunAsync();
        }

        return pending.Reply.Task;
    }

    public async Task<Crew?> ReadAsync() => State ?? await LoadAsync();

    private async Task RunAsync()
    {
        while (true)
        {
            List<Pending> batch;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _running = false;
                    return;
                }

                batch = new List<Pending>(Math.Min(_waiting.Count, Batch));
                while (batch.Count < Batch && _waiting.TryDequeue(out var next))
                {
                    batch.Add(next);
                }
            }

            try
            {
                await CommitAsync(batch);
            }
            catch (Exception error)
            {
                // Whether the commit happened may not be known: the next input reads the journal again.
                State = null;
                _missed = true;
                host.BatchFailed(id, error);
                batch.ForEach(p => p.Reply.TrySetException(error));
            }
        }
    }

    private async Task CommitAsync(List<Pending> batch)
    {
        while (batch.Count > 0)
        {
            var before = State ?? await LoadAsync() ?? Crew.New(id);
            var moment = host.Now();
            var after = before;
            var decided = new List<(Pending Pending, Decision Decision)>(batch.Count);
            foreach (var pending in batch)
            {
                var decision = after.Decide(pending.Input, moment);
                after = decision.Next;
                decided.Add((pending, decision));
            }

            if (after.Version == before.Version)
            {
                State = before.Version == 0 ? null : before;
                decided.ForEach(d => d.Pending.Reply.TrySetResult(d.Decision.Reply));
                return;
            }

            var snapshot = after.Version - _snapshotAt >= host.SnapshotEvery;
            var commit = CommitBuilder.Build(before, after, [.. decided.Select(d => d.Decision)], moment.Now, host.Lanes, snapshot);
            switch (await host.CommitAsync(commit))
            {
                case CommitResult.Committed committed:
                    _snapshotAt = snapshot ? after.Version : _snapshotAt;
                    State = snapshot ? after.Forget() : after;
                    host.Committed(commit, after, [.. decided.Select(d => d.Decision)], committed.LastPosition);
                    decided.ForEach(d => d.Pending.Reply.TrySetResult(d.Decision.Reply));
                    return;
                case CommitResult.VersionConflict:
                    State = null;
                    _missed = true;
                    continue;
                case var refused:
                    Refuse(batch, refused, before);
                    continue;
            }
        }
    }

    /// <summary>Takes the inputs at fault out of the batch; the others are decided again without them.</summary>
    private static void Refuse(List<Pending> batch, CommitResult refused, Crew crew)
    {
        var atFault = batch.Where(p => (refused, p.Input) switch
        {
            (CommitResult.LaneFull x, StartAttempt i) => crew.Find(i.Task)?.Current.Lanes.Contains(x.Lane) ?? false,
            (CommitResult.LaneFull x, ResumeTask i) => crew.Find(i.Task)?.Current.Lanes.Contains(x.Lane) ?? false,
            (CommitResult.AddressTaken x, RegisterSession i) => i.Address == x.Address,
            (CommitResult.AddressTaken x, ChildSeen i) => i.Address == x.Address,
            (CommitResult.KeyTaken x, Core.Delegate i) => i.Spec.Key == x.Key && i.Spec.From == x.From,
            _ => false,
        }).ToList();
        if (atFault.Count == 0)
        {
            throw new InvalidOperationException($"The journal refused a commit of {crew.Id} with {refused}, and no input of the batch is the reason.");
        }

        foreach (var pending in atFault)
        {
            batch.Remove(pending);
            pending.Reply.TrySetException(new CommitRefusedException(refused));
        }
    }

    private async Task<Crew?> LoadAsync()
    {
        if (await host.LoadAsync(id) is not { } stored)
        {
            return null;
        }

        _snapshotAt = stored.SnapshotVersion;
        var crew = CrewCodec.Load(stored);
        if (_missed)
        {
            _missed = false;
            host.Reloaded(crew);
        }

        return crew;
    }

    private sealed class Pending(Input input)
    {
        public Input Input { get; } = input;

        public TaskCompletionSource<Reply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
