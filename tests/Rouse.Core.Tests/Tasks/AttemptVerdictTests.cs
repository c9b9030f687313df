namespace Rouse.Core.Tests.Tasks;

/// <summary>The pure reading of a history.</summary>
public sealed class AttemptVerdictTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // GATE-6's rule, for attempts: a deposit at the tail starts no turn and undoes none
    [Fact]
    public void A_message_put_behind_a_finished_turn_does_not_undo_it()
    {
        var seen = Look.Idle(At, Look.Sent("a1", At), Look.Said("done", At), Look.Asked(At));

        Assert.Equal("done", Assert.IsType<AttemptVerdict.Finished>(AttemptVerdict.Judge(seen, "a1", lastError: null)).Text);
    }

    // CRASH-3, ATT-2
    [Fact]
    public void A_prompt_that_nothing_follows_was_not_begun()
    {
        Assert.IsType<AttemptVerdict.NotBegun>(AttemptVerdict.Judge(Look.Idle(At, Look.Sent("a1", At)), "a1", lastError: null));
        Assert.IsType<AttemptVerdict.NotBegun>(AttemptVerdict.Judge(Look.Idle(At, Look.Sent("a1", At), Look.Asked(At)), "a1", lastError: null));
    }

    // ATT-9: without keys, too, what a person was told before is not the result
    [Fact]
    public void What_was_said_before_a_prompt_that_is_shown_without_its_key_is_no_work_of_the_attempt()
    {
        var prompt = Look.Sent("a1", At) with { Key = null };
        var wake = Look.Sent("w2", At) with { Key = null };

        Assert.IsType<AttemptVerdict.NotBegun>(
            AttemptVerdict.Judge(Look.Idle(At, Look.Asked(At), Look.Said("to a person", At), prompt), "a1", lastError: null));
        Assert.Equal("done", Assert.IsType<AttemptVerdict.Finished>(
            AttemptVerdict.Judge(Look.Idle(At, Look.Asked(At), prompt, Look.Said("done", At), wake), "a1", lastError: null)).Text);
    }

    // A look need not reach back to the prompt: what stands before a later message of Rouse's is the attempt's all the same
    [Fact]
    public void What_was_said_before_a_wake_that_was_not_begun_counts_where_the_prompt_is_out_of_sight()
    {
        var wake = Look.Sent("w2", At) with { Key = null };

        Assert.Equal("done", Assert.IsType<AttemptVerdict.Finished>(
            AttemptVerdict.Judge(Look.Idle(At, Look.Said("done", At), wake), "a1", lastError: null)).Text);
    }

    public static TheoryData<string?, bool, SeenMessage[]> Stopped => new()
    {
        { null, true, [Look.Asked(At), Look.Said("to a person", At), Look.Sent("a1", At), Look.Said("", At)] },
        { "mine", true, [Look.Asked(At), Look.Said("to a person", At), Look.Sent("a1", At), Look.Said("mine", At)] },
        { "mine", true, [Look.Said("mine", At), Look.Sent("w2", At)] }, // its prompt is out of sight
        { "mine", true, [Look.Said("mine", At) with { Answers = "a1" }, Look.Sent("a1", At)] }, // stored once more behind its answer
        { null, true, [Look.Asked(At), Look.Said("to a person", At), Look.Sent("a1", At) with { Key = null }] },
        { "mine", true, [Look.Sent("a1", At) with { Key = null }, Look.Said("mine", At), Look.Asked(At)] },
        { null, false, [Look.Asked(At), Look.Said("to a person", At)] },
        { "mine", false, [Look.Asked(At), Look.Said("to a person", At), Look.Sent("a1", At) with { Key = null }, Look.Said("mine", At)] },
    };

    // CAN-2: a late result is what the session said for the attempt
    [Theory]
    [MemberData(nameof(Stopped))]
    public void The_last_words_of_what_was_stopped_are_those_since_its_prompt(string? words, bool isPrompted, SeenMessage[] messages) =>
        Assert.Equal(words, AttemptVerdict.LastWords(Look.Idle(At, messages), "a1", isPrompted));

    // DONE-1: the turn after the newest prompt is the one that counts
    [Fact]
    public void The_answer_to_a_later_prompt_is_the_result()
    {
        var seen = Look.Idle(At, Look.Sent("a1", At), Look.Said("first", At), Look.Asked(At), Look.Said("second", At));

        Assert.Equal("second", Assert.IsType<AttemptVerdict.Finished>(AttemptVerdict.Judge(seen, "a1", lastError: null)).Text);
    }
}
