using System.Runtime.CompilerServices;
using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation.Scenarios;

/// <summary>
/// Field: a listener restarts without back-off, and a follow-up call has no time limit (warp PR #9399).
/// Rouse: every retry backs off, and every call has a deadline. Both are measured in virtual time.
/// </summary>
[Scenario(20)]
public sealed class W20
{
    private const string Far = "sim@far";

    [Fact] // SRC-3
    public void A_stream_that_opens_and_closes_at_once_is_opened_at_most_70_times_in_10_minutes() => Scene.Play(async scene =>
    {
        await using var harness = new ShortStreams(scene.Harness);
        await using var engine = Scene.Engine(scene.World, new MemoryJournal(scene.World.Time), [harness]);
        await engine.StartAsync(CancellationToken.None);
        await scene.World.WaitAsync(600);
        Assert.InRange(harness.Opened, 60, 70);
    });

    [Theory]
    [InlineData("create")]
    [InlineData("deliver")]
    [InlineData("find")]
    [InlineData("inspect")]
    [InlineData("abort")]
    public void A_harness_that_hangs_in_a_call_holds_up_nobody_and_is_asked_ever_less_often(string call) => Scene.Play(
        async scene =>
        {
            var far = scene.World.Harnesses[Far];
            var there = await scene.World.RegisterAsync(far.Open("there"));
            var times = Record(scene, far, c => c.Name == call, new HarnessFault.Hangs(Done: false));
            var hung = await scene.World.DelegateAsync(there, "work 10");
            await scene.World.WaitAsync(20);
            if (call == "abort")
            {
                var running = await scene.World.DelegateAsync(there, Scene.Work(100_000));
                await scene.World.UntilAsync(running.Id, AgentTaskStatus.Running);
                await scene.World.CancelAsync(running.Id);
            }

            var here = await scene.DelegateAsync(10);
            await scene.World.UntilAsync(() => scene.ToldOf(here).Any(), "another instance's parent is woken as ever", 12);
            await scene.World.WaitAsync(3600);
            BacksOff(times, most: 40);

            far.Faults.Each = null;
            await scene.World.UntilAsync(() => scene.World.Journal.Owed.Count == 0, "all is settled when it answers again", 600, step: 1);
            Assert.NotNull((await scene.World.TaskAsync(hung.Id)).SettledAt);
        },
        w => w.Add(Far));

    [Theory]
    [InlineData("create", "no connection")]
    [InlineData("deliver", "no connection")]
    [InlineData("deliver", "refused for now")]
    [InlineData("deliver", "taken and lost")]
    [InlineData("deliver", "gone, though it is seen")]
    [InlineData("find", "no answer")]
    [InlineData("inspect", "no answer")]
    [InlineData("abort", "no connection")]
    public void Whatever_does_not_work_is_tried_again_after_waits_that_grow(string call, string how) => Scene.Play(async scene =>
    {
        HarnessFault fault = how switch
        {
            "no connection" => new HarnessFault.RefusedBefore(),
            "refused for now" => new HarnessFault.Answers(new DeliverResult.Refused(new TaskError(FailureClass.Passing, "overloaded", "Later, please."))),
            "gone, though it is seen" => new HarnessFault.Answers(new DeliverResult.Gone()),
            "taken and lost" => new HarnessFault.Answers(new DeliverResult.Sent()),
            _ => new HarnessFault.Lost(),
        };
        var task = await scene.DelegateAsync(call == "abort" ? 100_000 : 10);
        if (call is not "create")
        {
            await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running);
        }

        var times = Record(scene, scene.Harness, c => c.Name == call, fault);
        if (call == "abort")
        {
            await scene.World.CancelAsync(task.Id);
        }

        await scene.World.WaitAsync(600);
        BacksOff(times, most: 20);
        scene.Harness.Faults.Each = null;
        await scene.World.UntilAsync(() => scene.World.Journal.Owed.Count == 0, "all is settled when it works again", 900, step: 1);
    });

    [Fact] // GATE-8
    public void A_harness_that_calls_an_idle_session_busy_is_asked_about_once_a_minute() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running);
        var times = Record(scene, scene.Harness, c => c.Name == "deliver", new HarnessFault.Answers(new DeliverResult.Busy("a turn runs")));
        await scene.World.WaitAsync(600);
        Assert.InRange(times.Count, 8, 12);
        Assert.Equal(0, (await scene.ReceiptAsync(task)).Sends);
        scene.Harness.Faults.Each = null;
        await scene.World.QuietAsync(mostSeconds: 100);
        Assert.Single(scene.ToldOf(task));
    });

    [Fact]
    public void A_store_that_takes_no_commit_is_tried_again_after_waits_that_grow() => Scene.Play(async scene =>
    {
        var task = await scene.DelegateAsync(10);
        await scene.World.UntilAsync(task.Id, AgentTaskStatus.Running);
        var times = new List<DateTimeOffset>();
        scene.World.Journal.OnCommitting += _ => times.Add(scene.World.Now);
        scene.World.Journal.Faults.DiskFull = true;
        await scene.World.WaitAsync(3600);
        scene.World.Journal.Faults.DiskFull = false;
        BacksOff(times, most: 30);
        await scene.World.QuietAsync();
        Assert.Single(scene.ToldOf(task));
    });

    [Fact(Skip = "messages between agents are not built yet")] // MSG-3
    public void A_message_to_a_target_that_never_answers_is_answered_within_15_seconds() => Scene.Untold();

    [Fact(Skip = "several nodes are not built yet")] // ROUTE-10
    public void A_remote_node_that_accepts_a_call_and_never_answers_leaves_nothing_pending() => Scene.Untold();

    /// <summary>Lets the calls go wrong, and notes when each was made.</summary>
    private static List<DateTimeOffset> Record(Scene scene, SimHarness harness, Func<HarnessCall, bool> which, HarnessFault fault)
    {
        var times = new List<DateTimeOffset>();
        harness.Faults.Each = c =>
        {
            if (!which(c))
            {
                return null;
            }

            times.Add(scene.World.Now);
            return fault;
        };
        return times;
    }

    /// <summary>The waits grow, to more than a minute in the end, and few tries are made on the whole.</summary>
    private static void BacksOff(List<DateTimeOffset> times, int most)
    {
        var waits = times.Zip(times.Skip(1), (a, b) => (b - a).TotalSeconds).ToList();
        var told = $"{times.Count} tries after waits of {string.Join(", ", waits.Select(w => w.ToString("0.0")))} s";
        Assert.True(times.Count >= 4 && times.Count <= most, told);
        Assert.True(waits.TakeLast(3).Max() > 60 && waits.TakeLast(3).Average() > 3 * waits.Take(3).Average(), told);
    }

    /// <summary>A harness whose stream says that it is connected and ends.</summary>
    private sealed class ShortStreams(IHarness inner) : IHarness
    {
        public int Opened { get; private set; }

        public string Instance => inner.Instance;

        public HarnessGrade Grade => inner.Grade;

        public ValueTask<CreateResult> CreateSessionAsync(NewSession session, CancellationToken cancellationToken) =>
            inner.CreateSessionAsync(session, cancellationToken);

        public ValueTask<DeliverResult> DeliverAsync(Address session, Prompt prompt, CancellationToken cancellationToken) =>
            inner.DeliverAsync(session, prompt, cancellationToken);

        public ValueTask<FindResult> FindDeliveryAsync(Address session, string key, CancellationToken cancellationToken) =>
            inner.FindDeliveryAsync(session, key, cancellationToken);

        public ValueTask<InspectResult> InspectAsync(Address session, CancellationToken cancellationToken) =>
            inner.InspectAsync(session, cancellationToken);

        public ValueTask<AbortResult> AbortAsync(Address session, CancellationToken cancellationToken) =>
            inner.AbortAsync(session, cancellationToken);

        public async IAsyncEnumerable<HarnessSignal> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Opened++;
            yield return new HarnessSignal.Connected();
            await Task.Yield();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
