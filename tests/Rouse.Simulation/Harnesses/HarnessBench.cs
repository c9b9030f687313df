using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A harness alone in its world, for tests of the models themselves.</summary>
internal sealed class HarnessBench<TModel>
    where TModel : HarnessModel
{
    private readonly SimScheduler _time;

    private HarnessBench(SimScheduler time, SimHarness harness, TModel model)
    {
        (_time, Harness, Model) = (time, harness, model);
        harness.OnTurnBegan += _ => Turns++;
    }

    public SimHarness Harness { get; }

    public TModel Model { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>What was heard on the stream.</summary>
    public List<HarnessSignal> Signals { get; } = [];

    /// <summary>How many turns began.</summary>
    public int Turns { get; private set; }

    public static void Play(TModel model, Func<HarnessBench<TModel>, Task> play, int seed = 1)
    {
        var time = new SimScheduler(seed);
        var story = new Story(time);
        var bench = new HarnessBench<TModel>(time, new SimHarness("sim@main", time, story, model), model);
        try
        {
            time.Run(() => bench.LiveAsync(play), TimeSpan.FromDays(1));
        }
        catch (Exception error)
        {
            throw new SimulationException($"{error.Message}\nwhat happened:\n{story}\n", error);
        }
    }

    public Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _time);

    public async Task IdleAsync(SimSession session)
    {
        do
        {
            await WaitAsync(0.1);
        }
        while (session.Working || session.Beginning);
    }

    public async Task<CreateResult> CreateAsync(string key, string agent = "worker") =>
        await Harness.CreateSessionAsync(new NewSession { Key = key, Title = "work", Agent = agent }, CancellationToken.None);

    public async Task<DeliverResult> DeliverAsync(SimSession session, string key, string text = "do it", string? agent = null, string? model = null) =>
        await Harness.DeliverAsync(session.Address, new Prompt { Key = key, Text = text, IsWake = false, Agent = agent, Model = model }, CancellationToken.None);

    public async Task<FindResult> FindAsync(SimSession session, string key) => await Harness.FindDeliveryAsync(session.Address, key, CancellationToken.None);

    public async Task<Inspection> InspectAsync(SimSession session) =>
        Assert.IsType<InspectResult.Seen>(await Harness.InspectAsync(session.Address, CancellationToken.None)).Inspection;

    private async Task LiveAsync(Func<HarnessBench<TModel>, Task> play)
    {
        _ = HearAsync();
        await WaitAsync(0.001);
        await play(this);
    }

    private async Task HearAsync()
    {
        await foreach (var signal in Harness.WatchAsync(CancellationToken.None))
        {
            Signals.Add(signal);
        }
    }
}
