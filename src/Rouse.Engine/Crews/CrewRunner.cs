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

    /// <summary>It does nothing, and nothing is left to be told of it.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_running && !_missed;
            }
        }
    }

    public bool HasMissed
    {
        get
        {
            lock (_gate)
            {
                return _missed;
            }
        }
    }

    public Task<Reply> SubmitAsync(Input input) => Enqueue(new Pending(input));

    /// <summary>Reads the crew again if its state is not known, in its turn among the inputs.</summary>
    public Task RefreshAsync() => Enqueue(new Pending(input: null));

    public async Task<Crew?> ReadAsync() => State ?? (await host.LoadAsync(id) is { } stored ? CrewCodec.Load(stored) : null);

    private Task<Reply> Enqueue(Pending pending)
    {
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
                Miss();
                host.BatchFailed(this, error);
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
                var decision = pending.Input is { } input ? after.Decide(input, moment) : new Decision([], new Reply.Done(), after, [], Touched.Nothing);
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
            _ = Sabotage.AcknowledgesBeforeTheCommit && decided.TrueForAll(d => d.Pending.Reply.TrySetResult(d.Decision.Reply));
            var result = await host.CommitAsync(commit);
            switch (Sabotage.TakesAConflictForSuccess && result is CommitResult.VersionConflict x ? new CommitResult.Committed(x.ActualVersion) : result)
            {
                case CommitResult.Committed committed:
                    _snapshotAt = snapshot ? after.Version : _snapshotAt;
                    State = snapshot ? after.Forget() : after;
                    host.Committed(commit, after, [.. decided.Select(d => d.Decision)], committed.LastPosition);
                    decided.ForEach(d => d.Pending.Reply.TrySetResult(d.Decision.Reply));
                    return;
                case CommitResult.VersionConflict:
                    Miss();
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

    /// <summary>Only in the turn of a batch: whoever is told must not be told of an older state after a newer commit.</summary>
    private async Task<Crew?> LoadAsync()
    {
        var stored = await host.LoadAsync(id);
        var crew = stored is null ? null : CrewCodec.Load(stored);
        _snapshotAt = stored?.SnapshotVersion ?? 0;
        bool missed;
        lock (_gate)
        {
            (missed, _missed) = (_missed, false);
        }

        if (missed && crew is not null && !Sabotage.MissesAnUnknownCommit)
        {
            host.Reloaded(crew);
        }

        return crew;
    }

    private void Miss()
    {
        State = null;
        lock (_gate)
        {
            _missed = true;
        }
    }

    private sealed class Pending(Input? input)
    {
        /// <summary>Null: the crew is only to be read again.</summary>
        public Input? Input { get; } = input;

        public TaskCompletionSource<Reply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
