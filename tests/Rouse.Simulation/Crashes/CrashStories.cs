using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>The stories of the crash matrix. Each is as short as what it is about allows: it is played once for every step of it.</summary>
public static partial class CrashStories
{
    public static IReadOnlyList<CrashStory> All { get; } =
    [
        new("one delegation", (world, _, s) => world.DelegateAsync(s, "work 5", key: "1")),
        new("a nested delegation", (world, _, s) => world.DelegateAsync(s, "outer", key: "1")) { Turn = DelegateInnerAsync },
        new("a group of all", async (world, _, s) =>
        {
            await world.DelegateAsync(s, "work 3", key: "1");
            await world.DelegateAsync(s, "work 9", key: "2"); // ends well after a lost first one would be told
        }),
        new("each of a group", async (world, _, s) =>
        {
            await world.DelegateAsync(s, "work 3", key: "1", r => r with { Wake = WakePolicy.Each });
            await world.DelegateAsync(s, "work 3.5", key: "2", r => r with { Wake = WakePolicy.Each });
            await world.DelegateAsync(s, "work 9", key: "3", r => r with { Wake = WakePolicy.Each });
        })
        {
            MergesWakes = "what settles while the node is down is told together with what settles soon after",
        },
        new("no wake of its own", async (world, _, s) =>
        {
            await world.DelegateAsync(s, "work 2", key: "1", r => r with { Wake = WakePolicy.None });
            await world.DelegateAsync(s, "work 6", key: "2");
        }),
        new("a fallback", (world, _, s) => world.DelegateAsync(s, "work 3", key: "1", r => r with { Model = "acme/big", Fallbacks = ["acme/small"] }))
        {
            Turn = OverloadedAsync,
        },
        new("a child that fails", async (world, _, s) =>
        {
            await world.DelegateAsync(s, "work 2", key: "1", r => r with { Model = "acme/big" });
            await world.DelegateAsync(s, "work 60", key: "2");
        })
        {
            Turn = OverloadedAsync,
        },
        new("a deadline", (world, _, s) => world.DelegateAsync(s, "work 60", key: "1", r => r with { Deadline = TimeSpan.FromSeconds(5) }))
        {
            KeepsTheClock = "a deadline is a time of day",
        },
        new("a cancel of a tree", CancelTreeAsync) { Turn = DelegateInnerAsync },
        new("a cancel while the session is created", CancelCreatingAsync)
        {
            Prepare = world => world.Harness.Faults.Once("create", new HarnessFault.Slow(TimeSpan.FromSeconds(2))),
        },
        new("a lost answer", (world, _, s) => world.DelegateAsync(s, "work 3", key: "1"))
        {
            Prepare = world =>
            {
                world.Harness.Faults.Once("create", new HarnessFault.AnswerLost());
                world.Harness.Faults.Once("deliver", new HarnessFault.AnswerLost(), c => c.Session == "s");
            },
        },
        new("a busy parent", async (world, parent, s) =>
        {
            await SayAsync(world, parent, "work 6");
            await world.DelegateAsync(s, "work 2", key: "1");
        }),
        new("an open question", AskAsync) { Turn = QuestionAsync },
        new("an acknowledgement", AcknowledgeAsync),
        new("a nudge after an empty turn", (world, _, s) => world.DelegateAsync(s, "work 2", key: "1"))
        {
            Turn = SilentAsync,

            // Where a prompt is stored first and then run: one that is stored and may have been run is run once more and not nudged. A wake costs two turns at most.
            Otherwise = [world => world.Harness.Faults.Once("deliver", new HarnessFault.RefusedBefore { Request = 3 }, c => c.Session == "s")],
        },
        new("a parent that is deleted", DeleteParentAsync)
        {
            // The node may hear of it by a look alone. A harness may delete the child with its parent, and say so in any order.
            Otherwise =
            [
                world => world.Harness.Faults.LosesSignal = signal => signal is HarnessSignal.Deleted,
                world => world.Harness.Faults.LosesSignal = signal => signal is HarnessSignal.Deleted { SessionId: not "s" },
                world => world.Harness.Faults.LosesSignal = signal => signal is HarnessSignal.Deleted { SessionId: "s" },
            ],
        },
        new("a harness that dies and comes back", DieAsync),
    ];

    private static async Task CancelTreeAsync(World world, SimSession parent, SessionId s)
    {
        var top = await world.DelegateAsync(s, "outer 60", key: "1");
        await world.DelegateAsync(s, "work 4", key: "2");
        await RunsAsync(world, () => world.Harness.Children.Count(c => c.Working && c.Messages[0].Text.EndsWith("60", StringComparison.Ordinal)) == 2);
        await world.CancelAsync(top.Id);
    }

    private static async Task CancelCreatingAsync(World world, SimSession parent, SessionId s)
    {
        var task = await world.DelegateAsync(s, "work 60", key: "1");
        await world.UntilAsync(() => world.Harness.CallsOf("create") > 0, "its session is being created", step: 0.5);
        await world.CancelAsync(task.Id);
    }

    private static async Task AskAsync(World world, SimSession parent, SessionId s)
    {
        await SayAsync(world, parent, "ask");
        await world.DelegateAsync(s, "work 1", key: "1");
        await world.WaitAsync(4);
        world.Harness.Answer(parent);
    }

    private static async Task AcknowledgeAsync(World world, SimSession parent, SessionId s)
    {
        await SayAsync(world, parent, "work 60");
        var task = await world.DelegateAsync(s, "work 2", key: "1");
        await UntilSettledAsync(world, task);
        var owed = (await world.MailboxAsync(s)).Where(n => n.Owed).Select(n => n.Id).ToList();
        await world.AskAsync(async a =>
        {
            await a.AcknowledgeAsync(s, owed, CancellationToken.None);
            return true;
        });
    }

    private static async Task DeleteParentAsync(World world, SimSession parent, SessionId s)
    {
        await world.DelegateAsync(s, "work 5", key: "1");
        await RunsAsync(world, () => world.Harness.Children.Any(c => c.Working));
        world.Harness.Delete(parent);
    }

    private static async Task DieAsync(World world, SimSession parent, SessionId s)
    {
        await world.DelegateAsync(s, "work 30", key: "1");
        await RunsAsync(world, () => world.Harness.Children.Any(c => c.Working));
        await world.WaitAsync(2);
        world.Harness.Die();
        await world.WaitAsync(3);
        world.Harness.Come();
    }

    /// <summary>A person speaks, and the turn for it runs: a cold harness takes its time until it does.</summary>
    private static async Task SayAsync(World world, SimSession session, string text)
    {
        world.Harness.PersonSays(session, text);
        await world.UntilAsync(() => session.Working, "the turn runs");
    }

    /// <summary>Waits until it runs, or never will: where a prompt was lost that may not be sent again.</summary>
    private static Task RunsAsync(World world, Func<bool> runs) => world.UntilAsync(() => runs() || world.Journal.Owed.Count == 0, "it runs", step: 0.5);

    private static Task UntilSettledAsync(World world, TaskView task) =>
        world.UntilAsync(() => world.Journal.Replay(task.Id.Crew).Find(task.Id)!.IsSettled, "it is settled", step: 0.5);
}
