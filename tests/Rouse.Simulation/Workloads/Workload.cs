using System.Globalization;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>
/// A random life: people and agents delegate, cancel, acknowledge and delete, while stores, harnesses, networks and nodes fail. Then the faults stop, and
/// everything that is owed must be settled.
/// </summary>
public sealed class Workload
{
    private static readonly TimeSpan Trouble = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(8);

    private readonly World _world;
    private readonly Random _random;
    private readonly Invariants _invariants;
    private readonly List<TaskId> _tasks = [];
    private readonly List<SessionId> _roots = [];
    private readonly bool _calm;
    private bool _over;
    private int _keys;

    private Workload(World world, bool calm)
    {
        (_world, _calm) = (world, calm);
        _random = world.Time.Random;
        _invariants = new Invariants(world);
    }

    public static World Play(int seed, bool calm = false) => World.Play(
        world => new Workload(world, calm).PlayAsync(), seed,
        world =>
        {
            var random = new Random(seed);
            world.Options = new EngineOptions
            {
                SnapshotEvery = Pick(random, 1, 4, 30, 200),
                CachedCrews = Pick(random, 1, 2, 1000),
                CallsPerInstance = Pick(random, 1, 3, 64),
                Lanes = new LaneLimits([KeyValuePair.Create("default", random.Next(1, 5)), KeyValuePair.Create("acme", random.Next(0, 4))]),
                Rules = Rules.Default with { OpenDescendants = Pick(random, 0, 0, 8) },
            };
            world.Add("sim@far");
        });

    private async Task PlayAsync()
    {
        foreach (var harness in _world.Harnesses.Values)
        {
            harness.Play = TakeTurnAsync;
            harness.Latency = TimeSpan.FromMilliseconds(Pick(_random, 1, 20, 900));
        }

        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var harness = Pick(_random, [.. _world.Harnesses.Values]);
            _roots.Add(await _world.RegisterAsync(harness.Open(string.Create(CultureInfo.InvariantCulture, $"root{i}"))));
        }

        if (!_calm)
        {
            MakeTrouble();
        }

        var ends = Enumerable.Range(0, _random.Next(5, 25)).Select(_ => ActAsync(_random.NextDouble() * Trouble.TotalSeconds)).ToList();
        if (!_calm)
        {
            ends.AddRange(Enumerable.Range(0, _random.Next(0, 8)).Select(_ => DisturbAsync(_random.NextDouble() * Trouble.TotalSeconds)));
        }

        await _world.WaitAsync(Trouble.TotalSeconds);
        EndTrouble();
        await Task.WhenAll(ends);
        await _world.UntilAsync(() => _world.Journal.Owed.Count == 0, "everything owed is settled", Patience.TotalSeconds, step: 5);
        await _world.WaitAsync(120);
        _invariants.AtTheEnd();
        await StartAnewAsync();
    }

    /// <summary>No slot was lost on the way: as many tasks start at once as the lane allows.</summary>
    private async Task StartAnewAsync()
    {
        if (await IsAliveAsync(_roots[0]))
        {
            var limit = _world.Options.Lanes.LimitOf(LaneLimits.DefaultLane)!.Value;
            var tasks = new List<TaskView>();
            for (var i = 0; i < limit; i++)
            {
                tasks.Add(await _world.DelegateAsync(_roots[0], "hold"));
            }

            await _world.UntilAsync(() => _world.Journal.Slots.Count(s => s.Lane == LaneLimits.DefaultLane) == limit, "the lane is filled again", 1, step: 0.01);
        }
    }

    private async Task<bool> IsAliveAsync(SessionId session) =>
        (await _world.AskAsync(a => a.FindSessionAsync(session, CancellationToken.None)))!.GoneAt is null
        && _world.Harnesses.Values.Any(h => h.Sessions.Any(s => s.Address.Id.StartsWith("root", StringComparison.Ordinal)));

    private async Task TakeTurnAsync(SimTurn turn)
    {
        await turn.WorkAsync(turn.Prompt.Text == "hold" ? 60 : _random.NextDouble() * (_random.Next(4) == 0 ? 100 : 5));
        if (_over)
        {
            turn.Say("done");
            return;
        }

        if (_random.Next(4) == 0)
        {
            await turn.ToolAsync(_random.NextDouble() * 10);
        }

        if (turn.Session.Spec is not null && !turn.IsWake && _random.Next(3) == 0)
        {
            for (var i = _random.Next(1, 4); i > 0; i--)
            {
                await DelegateAsync(await IdOfAsync(turn.Session));
            }

            await turn.WorkAsync(_random.NextDouble());
        }

        switch (_random.Next(12))
        {
            case 0:
                break;
            case 1:
                turn.Fail(new TaskError(Pick(_random, FailureClass.Passing, FailureClass.Provider, FailureClass.Request), "unlucky", "It did not work."));
                break;
            default:
                turn.Say($"result of {turn.Session.Address.Id}");
                break;
        }
    }

    private async Task ActAsync(double after)
    {
        await _world.WaitAsync(after);
        switch (_random.Next(10))
        {
            case 0 when _tasks.Count > 0:
                await TryAsync(() => _world.CancelAsync(Pick(_random, [.. _tasks]), _random.Next(2) == 0 ? _roots[0] : null));
                break;
            case 1:
                await TryAsync(() => _world.AskAsync(a => a.CancelAllAsync(Pick(_random, [.. _roots]), by: null, CancellationToken.None)));
                break;
            case 2:
                var root = Pick(_random, [.. _roots]);
                await TryAsync(async () =>
                {
                    var owed = (await _world.MailboxAsync(root)).Where(n => n.Owed).Select(n => n.Id).ToList();
                    await _world.AskAsync<int>(async a =>
                    {
                        await a.AcknowledgeAsync(root, owed, CancellationToken.None);
                        return 0;
                    });
                });
                break;
            case 3:
                var harness = Pick(_random, [.. _world.Harnesses.Values]);
                if (harness.IsUp && harness.Sessions.Any())
                {
                    harness.PersonSays(Pick(_random, [.. harness.Sessions]), "hello");
                }

                break;
            default:
                await DelegateAsync(Pick(_random, [.. _roots]));
                break;
        }
    }

    private async Task DelegateAsync(SessionId? from)
    {
        if (from is not { } session)
        {
            return;
        }

        var key = string.Create(CultureInfo.InvariantCulture, $"key{++_keys}");
        var (policy, group, model) = (Pick(_random, WakePolicy.All, WakePolicy.All, WakePolicy.Each, WakePolicy.None), Pick(_random, null, null, "g"), Pick(_random, null, null, "acme/big"));
        var (instance, deadline) = (Pick(_random, null, World.Main, "sim@far"), _random.Next(6) == 0 ? TimeSpan.FromSeconds(_random.Next(1, 300)) : (TimeSpan?)null);
        var priority = _random.Next(3);
        await TryAsync(async () =>
        {
            var task = await _world.DelegateAsync(session, "plain", key, r => r with
            {
                Wake = policy, Group = group, Model = model, Fallbacks = ["acme/small", "other/model"], Instance = instance, Deadline = deadline, Priority = priority,
            });
            _tasks.Add(task.Id);
            _invariants.Acknowledged.Add(task.Id);
        });
    }

    private async Task<SessionId?> IdOfAsync(SimSession session)
    {
        SessionView? view = null;
        await TryAsync(async () => view = await _world.AskAsync(a => a.FindSessionAsync(session.Address, CancellationToken.None)));
        return view?.Id;
    }

    private void MakeTrouble()
    {
        var (calls, commits, signals) = (_random.NextDouble() * 0.15, _random.NextDouble() * 0.1, _random.NextDouble() * 0.3);
        foreach (var harness in _world.Harnesses.Values)
        {
            harness.Faults.Each = _ => _random.NextDouble() < calls
                ? Pick<HarnessFault>(
                    _random, new HarnessFault.RefusedBefore(), new HarnessFault.AnswerLost(), new HarnessFault.Lost(), new HarnessFault.Slow(TimeSpan.FromSeconds(5)),
                    new HarnessFault.DoneLater(TimeSpan.FromSeconds(_random.NextDouble() * 4)), new HarnessFault.Hangs(_random.Next(2) == 0))
                : null;
            harness.Faults.LosesSignal = _ => _random.NextDouble() < signals;
        }

        _world.Journal.Faults.Each = _ => _random.NextDouble() < commits ? Pick(_random, CommitFault.FailsBefore, CommitFault.LosesAcknowledgement) : CommitFault.None;
    }

    private void EndTrouble()
    {
        _world.Story.Tell("the trouble is over");
        _over = true;
        foreach (var harness in _world.Harnesses.Values)
        {
            harness.Faults.Each = null;
            harness.Faults.LosesSignal = null;
            if (!harness.IsUp)
            {
                harness.Come();
            }
        }

        _world.Journal.Faults.Each = null;
        _world.Journal.Faults.DiskFull = false;
    }

    private async Task DisturbAsync(double after)
    {
        await _world.WaitAsync(after);
        var harness = Pick(_random, [.. _world.Harnesses.Values]);
        switch (_random.Next(6))
        {
            case 0 or 1:
                _world.Node.Kill();
                break;
            case 2 when harness.IsUp:
                harness.Die();
                await ComeBackAsync(harness);
                break;
            case 3 when harness.IsUp:
                harness.Cut();
                await ComeBackAsync(harness);
                break;
            case 4:
                _world.Story.Tell("the disk is full");
                _world.Journal.Faults.DiskFull = true;
                await _world.WaitAsync(_random.NextDouble() * 60);
                _world.Journal.Faults.DiskFull = false;
                break;
            case 5 when harness.Sessions.Any():
                harness.Delete(Pick(_random, [.. harness.Sessions]), tell: _random.Next(2) == 0);
                break;
        }
    }

    private async Task ComeBackAsync(SimHarness harness)
    {
        await _world.WaitAsync(_random.NextDouble() * 200);
        if (!harness.IsUp)
        {
            harness.Come();
        }
    }

    private static async Task TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception error) when (error is RefusedException or JournalUnavailableException)
        {
            // Refused or unavailable is an answer too; what was accepted all the same is in the journal.
        }
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
