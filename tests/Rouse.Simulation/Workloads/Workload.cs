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

    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(2);

    private readonly World _world;
    private readonly Plan _plan;
    private readonly Oracle _oracle;
    private readonly Actors _actors;
    private readonly Trouble _trouble;

    private Workload(World world, Plan plan, List<Strike> struck)
    {
        (_world, _plan) = (world, plan);
        _oracle = new Oracle(world)
        {
            ChecksOrder = IsSteady(plan) && !plan.Deeds.Any(d => d is Deed.Kill or Deed.ShutDown or Deed.JumpClock),
            ChecksClaims = IsSteady(plan),
            LateDeadline = IsSteady(plan) ? TimeSpan.FromSeconds(20) : TimeSpan.FromMinutes(4),
        };
        _actors = new Actors(world, plan, _oracle);
        _trouble = new Trouble(world, plan, struck);
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
        isTold: isTold);

    /// <summary>The store works and the node does not stand still.</summary>
    private static bool IsSteady(Plan plan) =>
        plan.Weather is { Commits: 0, Reads: 0 } && !plan.Deeds.Any(d => d is Deed.FillDisk or Deed.BlindDisk or Deed.Pause);

    private async Task PlayAsync()
    {
        var agents = new Agents(_world, _plan, _actors, _trouble);
        foreach (var harness in _world.Harnesses.Values)
        {
            harness.Play = agents.TakeTurnAsync;
        }

        await _actors.OpenRootsAsync();
        _trouble.Begin();
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
        await FillTheLaneAsync();
    }

    private async Task DoAsync(Deed deed)
    {
        await Task.Delay(deed.At, _world.Time);
        _world.Story.Tell($"{deed}");
        await _trouble.DoAsync(deed);
        await _actors.DoAsync(deed);
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
