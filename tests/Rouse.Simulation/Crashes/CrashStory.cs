using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>A small fixed story that is played without a crash, and then with a crash at every place of it.</summary>
/// <param name="Act">What people and agents do; it ends when nothing is owed to anybody.</param>
public sealed record CrashStory(string Name, Func<World, SimSession, SessionId, Task> Act)
{
    /// <summary>How an agent takes its turn in this story; null for the plain way.</summary>
    public Func<World, SimTurn, Task>? Turn { get; init; }

    /// <summary>What goes wrong in the story itself, besides the crash.</summary>
    public Action<World>? Prepare { get; init; }

    /// <summary>
    /// Why a crash may change how many wakes there are: outcomes that were told in several go into one when the node was down meanwhile. Null where it may not.
    /// </summary>
    public string? MergesWakes { get; init; }

    /// <summary>A fault may also lead to what one of these leads to; the story says why.</summary>
    public IReadOnlyList<Action<World>> Otherwise { get; init; } = [];

    /// <summary>Why a clock that jumps may change its outcome. Null where it may not.</summary>
    public string? KeepsTheClock { get; init; }

    /// <param name="model">The kind of harness that it is played on, as <see cref="Setting.Model"/> names it.</param>
    /// <param name="crash">Plans the crash; null for none.</param>
    public World Play(
        string model = Setting.Receipts, Action<World>? crash = null, Func<SimScheduler, SimJournal>? journal = null, int seed = 1, bool isTold = true) =>
        World.Play(
        ActAsync,
        seed,
        prepare: world =>
        {
            world.Options = new EngineOptions { Rules = Rules.Default with { Debounce = TimeSpan.FromSeconds(1) } };
            world.AsksAgain = true;
            world.Add(World.Main, Setting.Model(model));
            world.Harness.Play = turn => TakeTurnAsync(world, turn);
            crash?.Invoke(world); // before the story's own faults: each strikes once, and the first that was planned strikes first
            Prepare?.Invoke(world);
        },
        isTold: isTold,
        journal: journal);

    public override string ToString() => Name;

    private async Task ActAsync(World world)
    {
        var parent = world.Harness.Open("s");
        await Act(world, parent, await world.RegisterAsync(parent));
        await world.UntilAsync(() => world.Journal.Owed.Count == 0, "nothing is owed", step: 1);
    }

    /// <summary>Results name the prompt and not the session, so that they do not depend on which child was created first.</summary>
    private async Task TakeTurnAsync(World world, SimTurn turn)
    {
        if (Turn is not null)
        {
            await Turn(world, turn);
            return;
        }

        await PlainAsync(turn);
    }

    public static async Task PlainAsync(SimTurn turn)
    {
        await turn.WorkAsync(turn.Prompt.Text.Split(' ') is ["work", var seconds] ? double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) : 1);
        turn.Say(turn.IsWake ? "noted" : $"result of {turn.Prompt.Text}");
    }
}
