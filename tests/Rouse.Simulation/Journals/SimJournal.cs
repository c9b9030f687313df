using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// The store of a simulated world: what the node sees of it, with the faults that it meets, and what the checks read. It outlives the nodes that
/// use it, as a disk does. What it keeps is kept by <see cref="MemoryJournal"/> or by <see cref="SimSqliteJournal"/>.
/// </summary>
/// <remarks>A world uses it on one thread; the contract suite of journals uses it on many.</remarks>
public abstract partial class SimJournal(TimeProvider time) : IJournal, IDisposable
{
    private readonly Lock _lock = new();
    private int _deaths;

    public JournalFaults Faults { get; } = new();

    /// <summary>How long a commit takes.</summary>
    public TimeSpan CommitTime { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>All that was committed, in order.</summary>
    public List<Commit> Commits { get; } = [];

    /// <summary>Told of every commit that begins.</summary>
    public event Action<Commit>? OnCommitting;

    /// <summary>Told of every commit that happened.</summary>
    public event Action<Commit>? OnCommitted;

    /// <summary>Told of every commit that was refused for what is in the store.</summary>
    public event Action<Commit, CommitResult>? OnRefused;

    /// <summary>All that is owed now.</summary>
    public abstract IReadOnlyList<(CrewId Crew, Obligation Obligation)> Owed { get; }

    public abstract IReadOnlyCollection<Slot> Slots { get; }

    public abstract IEnumerable<StoredEvent> Events { get; }

    public abstract IEnumerable<CrewId> Crews { get; }

    public abstract IEnumerable<Obligation> OwedBy(CrewId crew);

    public abstract IEnumerable<StoredEvent> EventsOf(CrewId crew);

    public abstract string Body(BodyRef body);

    /// <summary>The whole state of a crew, from its first event on: nothing is forgotten in it.</summary>
    public Crew Replay(CrewId crew) => EventsOf(crew).Aggregate(Crew.New(crew), (c, e) => c.Apply(EventCodec.Decode(e.Type, e.Data.Span), e.At));

    /// <summary>The process that used it died.</summary>
    public virtual void Crash() => _deaths++;

    /// <summary>
    /// A commit that was handed over happens at its time, also when its writer has died meanwhile, unless the store died with it. A slow one does not: an
    /// embedded store writes nothing for a process that is gone when the next one has opened it.
    /// </summary>
    public async ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        CommitRules.Check(commit);
        cancellationToken.ThrowIfCancellationRequested();
        OnCommitting?.Invoke(commit);
        CommitFault fault;
        lock (_lock)
        {
            fault = Faults.Of(commit);
        }

        var (life, deaths) = (Life, _deaths);
        await Task.Delay(fault == CommitFault.Slow ? Faults.SlowBy : CommitTime, time, CancellationToken.None);
        if (life != Life || (fault == CommitFault.Slow && deaths != _deaths))
        {
            throw new JournalUnavailableException("the store died with its process before it wrote");
        }

        if (fault == CommitFault.FailsBefore)
        {
            throw new JournalUnavailableException("the disk is full: nothing was written");
        }

        if (fault == CommitFault.Conflicts)
        {
            return new CommitResult.VersionConflict(VersionOf(commit.Crew));
        }

        CommitResult result;
        lock (_lock)
        {
            result = Take(commit);
            if (result is CommitResult.Committed)
            {
                Commits.Add(commit);
            }
        }

        if (result is CommitResult.Committed)
        {
            OnCommitted?.Invoke(commit);
        }
        else
        {
            OnRefused?.Invoke(commit, result);
        }

        if (fault == CommitFault.LosesAcknowledgement)
        {
            Faults.Strike();
            throw new JournalUnavailableException("the connection was lost: nobody knows whether it was written");
        }

        return result;
    }

    /// <summary>Leaves nothing behind on the disk.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Counts the lives of a store that dies with its process: what was handed over in an earlier one never happens.</summary>
    protected virtual int Life => 0;

    protected abstract long VersionOf(CrewId crew);

    /// <summary>Checks the commit and writes it, at one moment.</summary>
    protected abstract CommitResult Take(Commit commit);

    /// <summary>A read gives others a turn before and after it, so that what it shows may be out of date when its reader goes on.</summary>
    protected async ValueTask<T> ReadAsync<T>(Func<T> read)
    {
        await Task.Yield();
        switch (Faults.OfRead())
        {
            case ReadFault.Fails:
                throw new JournalUnavailableException("the store cannot be read");
            case ReadFault.Slow:
                await Task.Delay(Faults.SlowBy, time, CancellationToken.None);
                break;
        }

        T result;
        lock (_lock)
        {
            result = read();
        }

        await Task.Yield();
        return result;
    }
}
