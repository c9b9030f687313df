namespace Rouse.Simulation;

/// <summary>A crash changes no outcome (invariant 13): every story, at every place where it can be cut.</summary>
public sealed class CrashMatrixTests(ITestOutputHelper output)
{
    public static TheoryData<string> Stories => [.. CrashStories.All.Select(s => s.Name)];

    public static TheoryData<string> StoriesWithoutClock => [.. CrashStories.All.Where(s => s.KeepsTheClock is null).Select(s => s.Name)];

    [Theory] // CRASH-1, CRASH-3, CRASH-4, CRASH-6, CRASH-7
    [MemberData(nameof(Stories))]
    public void A_crash_before_or_after_any_act_changes_no_outcome(string story) => Play(story, m => m.CrashAtEveryAct(), "acts cut before and after");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_crash_after_any_step_changes_no_outcome(string story) => Play(story, m => m.CrashAtEveryStep(), "steps");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_standstill_before_or_after_any_act_changes_no_outcome(string story) => Play(story, m => m.StandStillAtEveryAct(), "acts stood still before and after");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_commit_that_goes_wrong_changes_no_outcome(string story) => Play(
        story,
        m => new[] { CommitFault.FailsBefore, CommitFault.LosesAcknowledgement, CommitFault.Conflicts, CommitFault.Slow }.Sum(m.FaultAtEveryCommit),
        "commits gone wrong");

    [Theory]
    [MemberData(nameof(StoriesWithoutClock))]
    public void A_clock_that_jumps_before_or_after_any_act_changes_no_outcome_and_holds_nothing(string story) => Play(
        story, m => new[] { -3600, 3600 }.Sum(seconds => m.JumpAtEveryAct(TimeSpan.FromSeconds(seconds))), "acts jumped before and after");

    [Theory]
    [InlineData("a nested delegation")]
    [InlineData("a lost answer")]
    public void A_power_cut_before_or_after_any_act_changes_no_outcome_on_SQLite(string story) =>
        Play(story, m => m.CrashAtEveryAct(), "acts cut before and after on SQLite", time => new SimSqliteJournal(time));

    private void Play(string name, Func<CrashMatrix, int> play, string what, Func<SimScheduler, SimJournal>? journal = null)
    {
        var points = play(new CrashMatrix(CrashStories.All.Single(s => s.Name == name), journal));
        output.WriteLine($"{name}: {points} {what}");
    }
}
