using System.Collections.Immutable;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// Plays a plan: people and agents delegate, cancel, acknowledge and delete, while stores, harnesses, networks and nodes fail. Then the faults
/// stop, and everything that is owed must be settled within bounded time. The oracle holds the rules all the while.
/// </summary>
public sealed class Workload
{
    /// <summary>So long after the last fault nothing may be owed any more. The longest single wait of the engine is its back-off of five minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    /// <summary>A life that has not come to its end by then never does.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>So often it is looked whether what can go on does.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(2);

    private readonly World _world;
    private readonly Plan _plan;
    private readonly Oracle _oracle;
    private readonly Actors _actors;
    private readonly Trouble _trouble;
    private readonly Readers _readers;

    private Workload(World world, Plan plan, List<Strike> struck)
    {
        (_world, _plan) = (world, plan);
        _oracle = new Oracle(world)
        {
            ChecksOrder = IsSteady(plan) && !plan.Deeds.Any(d => d is Deed.Kill or Deed.ShutDown or Deed.JumpClock),
            ChecksRefusals = IsSteady(plan),
            IsCalm = IsSteady(plan) && plan.Weather is { Calls: 0, Signals: 0 }
                && !plan.Deeds.Any(d => d is Deed.Kill or Deed.ShutDown or Deed.JumpClock or Deed.Die or Deed.Cut),
            ChecksClaims = IsSteady(plan),
            LateDeadline = LateDeadline(plan),
        };
        _actors = new Actors(world, plan, _oracle);
        _trouble = new Trouble(world, plan, struck);
        _readers = new Readers(world, plan, _oracle);
    }

    public static World Play(int seed, bool calm = false) => Play(PlanMaker.Make(seed, calm));

    /// <summary>Plays a plan. What breaks is thrown, with the plan and the story that led to it.</summary>
    /// <param name="isTold">Whether a story is kept; without one a run is faster and its failure says less.</param>
    /// <param name="struck">Takes what went wrong by the weather.</param>
    public static World Play(Plan plan, bool isTold = true, List<Strike>? struck = null) => World.Play(
        world => new Workload(world, plan, struck ?? []).PlayAsync(), plan.Seed,
        world =>
        {
            world.Options = plan.Setting.Options;
            world.Journal.CommitTime = plan.Setting.CommitTime;
            world.Add(World.Main, Setting.Model(plan.Setting.Main));
            world.Add(World.Far, Setting.Model(plan.Setting.Far));
            foreach (var harness in world.Harnesses.Values)
            {
                harness.Latency = plan.Setting.Latency;
                harness.KeepsCalls = false;
            }
        },
        limit: Longest, isTold: isTold);

    /// <summary>The store works and the node does not stand still.</summary>
    private static bool IsSteady(Plan plan) =>
        plan.Weather is { Commits: 0, Reads: 0 } && !plan.Deeds.Any(d => d is Deed.FillDisk or Deed.BlindDisk or Deed.Pause);

    /// <summary>What a node that stops lets finish holds up the rest; and where the store or the node are away again and again, the tries grow rare.</summary>
    private static TimeSpan LateDeadline(Plan plan) =>
        IsSteady(plan) ? TimeSpan.FromSeconds(20) + plan.Deeds.OfType<Deed.ShutDown>().Select(s => s.Patience).DefaultIfEmpty().Max()
        : TimeSpan.FromMinutes(plan.Deeds.Count(d => d is Deed.FillDisk or Deed.BlindDisk or Deed.Pause or Deed.ShutDown) > 1 ? 10 : 4);

    private async Task PlayAsync()
    {
        var agents = new Agents(_world, _plan, _actors, _trouble);
        foreach (var harness in _world.Harnesses.Values)
        {
            harness.Play = agents.TakeTurnAsync;
        }

        await _actors.OpenRootsAsync();
        _trouble.Begin();
        _ = HeedAsync(WatchAsync());
        _ = HeedAsync(_readers.ReadAsync());
        _ = HeedAsync(_readers.Listens ? _readers.ListenAsync() : Task.CompletedTask);
        var deeds = _plan.Deeds.Select(DoAsync).ToImmutableArray();
        await _world.WaitAsync(_plan.Trouble.TotalSeconds);
        _trouble.End();
        await Task.WhenAll(deeds);
        do
        {
            await SettleAsync();
            await _world.WaitAsync(Aftermath.TotalSeconds);
        }
        while (_world.Journal.Owed.Count > 0); // agents that were slow have asked for more
        _oracle.AtTheEnd();
        await _readers.ReadAllAsync();
        if (_readers.Listens)
        {
            _readers.HasHeardAll();
        }

        await FillTheLaneAsync();
    }

    private async Task DoAsync(Deed deed)
    {
        await Task.Delay(deed.At, _world.Time);
        _world.Story.Tell($"{deed}");
        await _trouble.DoAsync(deed);
        await _actors.DoAsync(deed);
    }

    /// <summary>What goes wrong in a task that nobody waits for ends the run too.</summary>
    private async Task HeedAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception error)
        {
            _world.Time.Fail(error);
        }
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            await _world.WaitAsync(Glance.TotalSeconds);
            _oracle.CheckPromptness();
            _readers.Glance();
        }
    }

    private async Task SettleAsync()
    {
        var until = _world.Now + Patience;
        while (_world.Journal.Owed.Count > 0)
        {
            if (_world.Now > until)
            {
                throw new SimulationException(
                    $"broken: {Rule.Liveness}: {Patience.TotalHours} h later these are still owed: {string.Join("; ", _world.Journal.Owed.Select(o => $"{o.Obligation.Key} of {o.Crew}"))}",
                    rule: Rule.Liveness);
            }

            await _world.WaitAsync(10);
        }
    }

    /// <summary>No slot was lost on the way: as many tasks start at once as the lane allows.</summary>
    private async Task FillTheLaneAsync()
    {
        if (_actors.LivingRoot is not { } root)
        {
            return;
        }

        var limit = Math.Min(_plan.Setting.DefaultLane, _plan.Setting.OpenDescendants == 0 ? int.MaxValue : _plan.Setting.OpenDescendants);
        for (var i = 0; i < limit; i++)
        {
            await _actors.DelegateAsync(root, new Work($"hold{i}"));
        }

        var until = _world.Now + TimeSpan.FromSeconds(10);
        while (_oracle.Books.Held.GetValueOrDefault(LaneLimits.DefaultLane) < limit)
        {
            if (_world.Now > until)
            {
                throw new SimulationException($"broken: {Rule.Lanes}: {limit} may start and {_oracle.Books.Held.GetValueOrDefault(LaneLimits.DefaultLane)} did", rule: Rule.Lanes);
            }

            await _world.WaitAsync(0.05);
        }
    }
}
