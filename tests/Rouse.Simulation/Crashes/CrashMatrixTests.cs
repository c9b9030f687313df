namespace Rouse.Simulation;

/// <summary>
/// A crash changes no outcome (invariant 13), nor does any other single fault: every story on every kind of harness, at every place where it can be struck.
/// </summary>
public sealed class CrashMatrixTests(ITestOutputHelper output)
{
    private static readonly string[] Models = [Setting.OpenCode, Setting.Receipts, Setting.Once];

    public static TheoryData<string, string> Stories => Of(CrashStories.All);

    /// <summary>Two that come to every claim there is; all of them in the long form.</summary>
    public static TheoryData<string> StoriesOfStops => Environment.GetEnvironmentVariable("ROUSE_LONG_TESTS") == "1"
        ? [.. CrashStories.All.Select(s => s.Name)]
        : ["a nested delegation", "a nudge after an empty turn"];

    public static TheoryData<string, string> StoriesWithoutClock => Of(CrashStories.All.Where(s => s.KeepsTheClock is null));

    [Theory] // CRASH-1, CRASH-3, CRASH-4, CRASH-6, CRASH-7
    [MemberData(nameof(Stories))]
    public void A_crash_before_or_after_any_act_changes_no_outcome(string story, string model) =>
        Play(story, model, m => m.CrashAtEveryAct(), "acts cut before and after");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_crash_after_any_step_changes_no_outcome(string story, string model) => Play(story, model, m => m.CrashAtEveryStep(), "steps");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_stop_before_or_after_any_act_changes_no_outcome(string story, string model) =>
        Play(story, model, m => m.StopAtEveryAct(), "acts stopped before and after");

    [Theory] // where no keys are kept a stop has to be taken care of; elsewhere it is a crash with more order, and the acts will do
    [MemberData(nameof(StoriesOfStops))]
    public void A_stop_after_any_step_changes_no_outcome(string story) => Play(story, Setting.Once, m => m.StopAtEveryStep(), "steps stopped after");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_stop_that_is_cut_off_before_or_after_any_act_changes_no_outcome(string story, string model) =>
        Play(story, model, m => m.StopInVainAtEveryAct(), "acts stopped in vain before and after");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_standstill_before_or_after_any_act_changes_no_outcome(string story, string model) =>
        Play(story, model, m => m.StandStillAtEveryAct(), "acts stood still before and after");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_commit_that_goes_wrong_changes_no_outcome(string story, string model) => Play(
        story, model,
        m => new[] { CommitFault.FailsBefore, CommitFault.LosesAcknowledgement, CommitFault.Conflicts, CommitFault.Slow }.Sum(m.FaultAtEveryCommit),
        "commits gone wrong");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_read_that_goes_wrong_changes_no_outcome(string story, string model) => Play(
        story, model, m => m.FaultAtEveryRead(ReadFault.Fails) + m.FaultAtEveryRead(ReadFault.Slow), "reads gone wrong",
        delays: true); // also those of people: the second task may be asked for when the first one has been told

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_store_that_cannot_be_read_for_a_while_from_any_act_on_changes_no_outcome(string story, string model) =>
        Play(story, model, m => m.BlindAtEveryAct(), "acts blind before and after");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_call_to_the_harness_that_goes_wrong_changes_no_outcome(string story, string model) => Play(
        story, model,
        m => m.FaultAtEveryCall(new HarnessFault.RefusedBefore(), mayBeLost: false)
            + m.FaultAtEveryCall(new HarnessFault.Slow(TimeSpan.FromSeconds(12)), mayBeLost: false)
            + m.FaultAtEveryCall(new HarnessFault.AnswerLost(), mayBeLost: true)
            + m.FaultAtEveryCall(new HarnessFault.Hangs(Done: false), mayBeLost: true)
            + m.DenyAtEveryLook(),
        "calls gone wrong",
        delays: model == Setting.Once); // what hangs is known to be lost later than what is lost at once, and told alone or with others

    [Theory]
    [MemberData(nameof(StoriesWithoutClock))]
    public void A_clock_that_jumps_before_or_after_any_act_changes_no_outcome_and_holds_nothing(string story, string model) => Play(
        story, model, m => new[] { -3600, 3600 }.Sum(seconds => m.JumpAtEveryAct(TimeSpan.FromSeconds(seconds))), "acts jumped before and after");

    [Theory]
    [InlineData("a nested delegation")]
    [InlineData("a lost answer")]
    public void A_power_cut_before_or_after_any_act_changes_no_outcome_on_SQLite(string story) =>
        Play(story, Setting.Receipts, m => m.CrashAtEveryAct(), "acts cut before and after on SQLite", time => new SimSqliteJournal(time));

    private void Play(string name, string model, Func<CrashMatrix, int> play, string what, Func<SimScheduler, SimJournal>? journal = null, bool delays = false)
    {
        var points = play(new CrashMatrix(CrashStories.All.Single(s => s.Name == name), model, journal, delays));
        output.WriteLine($"{name} on {model}: {points} {what}");
    }

    private static TheoryData<string, string> Of(IEnumerable<CrashStory> stories)
    {
        var data = new TheoryData<string, string>();
        foreach (var (story, model) in stories.SelectMany(s => Models.Select(m => (s.Name, m))))
        {
            data.Add(story, model);
        }

        return data;
    }
}
