using Rouse.Core;

namespace Rouse.Simulation;

/// <summary>How agents take their turns in the stories that need it.</summary>
public static partial class CrashStories
{
    private static readonly TaskError Overloaded = new(FailureClass.Passing, "overloaded", "The provider is overloaded.");

    /// <summary>"outer" delegates in its turn and goes on for as long as it says.</summary>
    private static async Task DelegateInnerAsync(World world, SimTurn turn)
    {
        if (turn.IsWake || turn.Prompt.Text.Split(' ') is not ["outer", .. var rest])
        {
            await CrashStory.PlainAsync(turn);
            return;
        }

        await turn.WorkAsync(1);
        await world.DelegateAsync(await world.IdOfAsync(turn.Session), rest is [] ? "work 2" : "work 60", key: "inner");
        await turn.WorkAsync(rest is [var seconds] ? double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) : 0);
        turn.Say("outer has delegated");
    }

    private static async Task OverloadedAsync(World world, SimTurn turn)
    {
        if (turn.Session.Spec?.Model != "acme/big" || turn.IsWake)
        {
            await CrashStory.PlainAsync(turn);
            return;
        }

        await turn.WorkAsync(1);
        turn.Fail(Overloaded);
    }

    private static async Task QuestionAsync(World world, SimTurn turn)
    {
        if (turn.Prompt.Text == "ask")
        {
            await turn.AskAsync("which one?");
        }

        await CrashStory.PlainAsync(turn);
    }

    /// <summary>The turn of the first wake ends without a word.</summary>
    private static async Task SilentAsync(World world, SimTurn turn)
    {
        if (turn.IsWake && !turn.Session.Answers.Any(m => m.Ended))
        {
            await turn.WorkAsync(1);
            return;
        }

        await CrashStory.PlainAsync(turn);
    }
}
