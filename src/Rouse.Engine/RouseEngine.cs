using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Rouse.Core;

namespace Rouse.Engine;

/// <summary>The engine of one node. Everything it needs comes in: the store, the harnesses, time and randomness.</summary>
public sealed partial class RouseEngine : IRouseEngine
{
    private const int PageSize = 5_000;
    private const int MostAborts = 200;

    private readonly IJournal _journal;
    private readonly CrewHost _crews;
    private readonly InstanceLinks _links;
    private readonly LaneScheduler _lanes;
    private readonly ObligationPump _pump;
    private readonly EventFeed _feed;
    private readonly BackgroundAgents _agents;
    private readonly ILogger<RouseEngine> _log;
    private bool _stopped;

    /// <param name="journal">Opened; the engine does not dispose it.</param>
    /// <param name="harnesses">One per configured instance, with different names; the engine does not dispose them.</param>
    /// <param name="random">Used for ids and for jitter; must be thread-safe where the scheduler is not single-threaded.</param>
    public RouseEngine(
        IJournal journal, IReadOnlyList<IHarness> harnesses, EngineOptions options, TimeProvider time, Random random, ILoggerFactory logs)
    {
        _journal = journal;
        _log = logs.CreateLogger<RouseEngine>();
        var steady = new SteadyTime(time);
        _crews = new CrewHost(journal, options, time, steady, logs.CreateLogger<CrewHost>());
        _links = new InstanceLinks(harnesses, options, time, logs);
        _lanes = new LaneScheduler(_crews.SubmitAsync, _links.IsReady, options.Lanes, time, logs.CreateLogger<LaneScheduler>());
        var prompts = new Prompts(journal, options.Rules);
        _pump = new ObligationPump(
            [
                new StartPerformer(_crews, _links, prompts, options, steady),
                new SupervisePerformer(_crews, _links, prompts, options, steady),
                new AbortPerformer(_crews, _links, prompts, options, steady),
                new DeliverPerformer(_crews, _links, prompts, options, steady, logs.CreateLogger<DeliverPerformer>()),
                new ConfirmPerformer(_crews, _links, prompts, options, steady),
                new DeadlinePerformer(_crews, steady),
            ],
            _links.IsReady, options, time, steady, random, logs.CreateLogger<ObligationPump>());
        _feed = new EventFeed(journal);
        _agents = new BackgroundAgents(journal, _crews, _links, _lanes, _pump, _feed, options, time, new IdSource(random));
        Connect();
    }

    public IBackgroundAgents Agents => _agents;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _lanes.Load(Sabotage.ForgetsSlotsInARestart ? [] : await _journal.SlotsAsync(cancellationToken));
        await foreach (var page in OwedAsync(cancellationToken))
        {
            foreach (var crew in page.GroupBy(o => o.Crew))
            {
                var owed = crew.Select(o => o.Obligation).ToList();
                _ = Sabotage.ForgetsDeadlinesInARestart && owed.RemoveAll(o => o.Kind == ObligationKind.Deadline) > 0;
                _ = Sabotage.ForgetsWakesInARestart && owed.RemoveAll(o => o.Kind is ObligationKind.Deliver or ObligationKind.Confirm) > 0;
                _ = Sabotage.ForgetsAbortsInARestart && owed.RemoveAll(o => o.Kind == ObligationKind.Abort) > 0;
                _ = Sabotage.ForgetsTheQueueInARestart && owed.RemoveAll(o => o.Kind == ObligationKind.Queue) > 0;
                _pump.Update(crew.Key, owed, []);
                _lanes.Update(crew.Key, commit: null, owed, []);
            }
        }

        foreach (var link in _links.All)
        {
            link.Start();
        }

        _pump.Start();
        _lanes.Start();
        LogStarted();
    }

    public async Task StopAsync(bool abort, CancellationToken cancellationToken)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _agents.IsStopping = true;
        _lanes.Stop();
        try
        {
            await (abort ? AbortAllAsync(cancellationToken) : Task.CompletedTask);
        }
        finally
        {
            await _pump.StopAsync(cancellationToken);
        }

        await _links.DisposeAsync();
        LogStopped();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(abort: false, CancellationToken.None);
        await _pump.DisposeAsync();
        await _links.DisposeAsync(); // a stop that was cut off has not come so far
        _lanes.Dispose();
    }

    private void Connect()
    {
        _crews.OnCommitted += OnCommitted;
        _crews.OnReloaded += crew =>
        {
            var owed = crew.Owes().ToList();
            var held = crew.Tasks.Values.SelectMany(t => t.Attempts.Where(t.Holds).SelectMany(a => a.Lanes.Select(l => new Slot(l, t.Id, a.Number)))).ToList();
            _pump.Replace(crew.Id, owed);
            _lanes.Replace(crew.Id, Sabotage.MissesQueuedWorkInAReload ? [] : owed, held);
            _feed.Signal();
        };
        foreach (var link in _links.All)
        {
            var instance = link.Harness.Instance;
            link.OnReady += _pump.PokeInstance;
            link.OnReady += _lanes.PokeInstance;
            link.OnSignal += signal => Heed(instance, signal);
        }
    }

    /// <summary>A signal is a hint: whoever waits for the session looks at it.</summary>
    private void Heed(string instance, HarnessSignal signal)
    {
        switch (signal)
        {
            case HarnessSignal.Changed x:
                _pump.Poke(new Address(instance, x.SessionId));
                break;
            case HarnessSignal.Failed x:
                _pump.Poke(new Address(instance, x.SessionId), x.Error);
                break;
            case HarnessSignal.Deleted x:
                _pump.Poke(new Address(instance, x.SessionId), deleted: true);
                _ = Sabotage.IgnoresADeletion ? null : LoseDeletedAsync(new Address(instance, x.SessionId));
                break;
        }
    }

    /// <summary>A deleted session may be one that nothing is owed to right now, and whose delegated work runs: it is looked for in the journal.</summary>
    private async Task LoseDeletedAsync(Address address)
    {
        try
        {
            if (await _journal.FindSessionAsync(address, CancellationToken.None) is { } row
                && await _links.Of(address.Instance).LookAsync(address, CancellationToken.None) is InspectResult.Missing)
            {
                await _crews.SubmitAsync(row.Id.Crew, new SessionLost(row.Id, Deleted: true));
            }
        }
        catch (Exception error)
        {
            // Nothing is lost: the next wake into the session finds it missing.
            LogDeletedUnhandled(error, address);
        }
    }

    private void OnCommitted(Commit commit, Crew after, IReadOnlyList<Decision> decisions, long lastPosition)
    {
        _pump.Update(commit.Crew, commit.Owed, commit.Settled);
        _lanes.Update(commit.Crew, commit, commit.Owed, commit.Settled);
        if (!Sabotage.LeavesTheFeedAsleep)
        {
            _feed.Signal();
        }

        foreach (var decision in decisions)
        {
            Count(decision);
            PokeDependents(after, decision);
        }
    }

    /// <summary>
    /// What can go on because of a commit without an obligation of its own having changed: a settling task whose mailbox changed, and a wake that
    /// waited for the one before it.
    /// </summary>
    private void PokeDependents(Crew after, Decision decision)
    {
        var sessions = decision.Touched.Notices.Select(n => after.Notices.GetValueOrDefault(n)?.Session)
            .Concat(decision.Touched.Wakes.Select(n => after.Wakes.GetValueOrDefault(n)).Where(w => w is { IsOpen: false }).Select(w => w?.Session))
            .OfType<SessionId>().Distinct();
        foreach (var session in Sabotage.TellsNobodyWhoWaits ? [] : sessions)
        {
            if (after.OpenTaskOver(session) is { Status: AgentTaskStatus.Running or AgentTaskStatus.Settling } task)
            {
                _pump.Poke(after.Id, new ObligationKey(ObligationKind.Supervise, task.Id.Number, task.Current.Number));
            }

            // One that was given back itself has a time to be looked at again: at once would be a storm with a harness that contradicts its own looks.
            if (after.MailboxOf(session) is { InFlight: null, NextWake: { } wake } && !decision.Touched.Wakes.Contains(wake))
            {
                _pump.Poke(after.Id, new ObligationKey(ObligationKind.Deliver, wake, 0));
            }
        }
    }

    private static void Count(Decision decision)
    {
        foreach (var e in decision.Events)
        {
            if (e is TaskSettled settled)
            {
                EngineMeters.TasksSettled.Add(1, new KeyValuePair<string, object?>("status", settled.Outcome.Status.ToString()));
            }

            var name = EventCodec.NameOf(e);
            if (name.StartsWith("wake.", StringComparison.Ordinal))
            {
                EngineMeters.WakeSteps.Add(1, new KeyValuePair<string, object?>("step", name));
            }
        }
    }

    private async Task AbortAllAsync(CancellationToken cancellationToken)
    {
        AgentTaskStatus[] open = [AgentTaskStatus.Queued, AgentTaskStatus.Starting, AgentTaskStatus.Running, AgentTaskStatus.Settling];
        while (true)
        {
            var tasks = await _journal.TasksAsync(new TaskQuery(Session: null, Crew: null, open, After: null, MostAborts), cancellationToken);
            if (tasks.Count == 0)
            {
                break;
            }

            await Task.WhenAll(tasks.Select(t => _agents.CancelAsync(t.Id, by: null, cancellationToken)));
        }

        // Aborts are owed from here on, until their sessions are seen ended. The events are read from before it is looked at what is owed.
        var (_, last) = await _journal.PositionsAsync(cancellationToken);
        await using var events = _agents.EventsAsync(last, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await OwesAbortAsync(cancellationToken) && await events.MoveNextAsync())
        {
        }
    }

    private async Task<bool> OwesAbortAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in OwedAsync(cancellationToken))
        {
            if (page.Any(o => o.Obligation.Kind == ObligationKind.Abort))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All that the journal says is owed, page by page.</summary>
    private async IAsyncEnumerable<IReadOnlyList<StoredObligation>> OwedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? after = null; ;)
        {
            var page = await _journal.ObligationsAsync(after, PageSize, cancellationToken);
            yield return page;
            if (page.Count < PageSize)
            {
                yield break;
            }

            after = page[^1].Cursor;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The engine has started")]
    private partial void LogStarted();

    [LoggerMessage(Level = LogLevel.Information, Message = "The engine has stopped")]
    private partial void LogStopped();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The deletion of {Address} could not be taken up now")]
    private partial void LogDeletedUnhandled(Exception error, Address address);
}
