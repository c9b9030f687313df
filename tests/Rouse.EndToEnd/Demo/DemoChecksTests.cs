using Rouse.Cli.Demo;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.EndToEnd.Demo;

/// <summary>A demo that cannot fail shows nothing: each thing that could go wrong fails its check, and no other one hides it.</summary>
public sealed class DemoChecksTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly CrewId s_crew = new("a");
    private static readonly SessionId s_parent = new(s_crew, 1);

    [Fact]
    public void All_hold_when_all_went_well() => Assert.All(DemoChecks.Of(Good()), c => Assert.True(c.Holds, c.What));

    [Fact]
    public void A_worker_that_ended_by_itself_is_no_crash() => Fails("really killed", Good() with { Crash = new Crash(7, 0, 1, 2) });

    [Fact]
    public void A_crash_when_all_was_done_shows_nothing() => Fails("really killed", Good() with { Crash = new Crash(7, 137, 3, 0) });

    [Fact]
    public void A_lost_task_is_seen() =>
        Fails("every task", Good() with { Tasks = [Task(2), Task(3), Task(5) with { Status = AgentTaskStatus.Lost }] });

    [Fact]
    public void A_second_wake_is_seen() =>
        Fails("exactly once, for all", Good() with { Wakes = [Wake(8), Wake(9)] });

    [Fact]
    public void A_wake_that_is_on_its_way_is_not_taken_for_delivered() =>
        Fails("exactly once, for all", Good() with { Wakes = [Wake(8) with { Phase = WakePhase.Admitted }] });

    [Fact]
    public void A_receipt_with_a_step_missing_or_out_of_order_is_seen()
    {
        Fails("receipt", Good() with { Wakes = [Wake(8) with { Receipt = [.. Wake(8).Receipt.Where(s => s.Step != "dispatched")] }] });
        Fails("receipt", Good() with { Wakes = [Wake(8) with { Receipt = [.. Wake(8).Receipt.Reverse()] }] });
    }

    [Fact]
    public void A_wake_that_entered_the_history_twice_or_never_is_seen()
    {
        Fails("history exactly once", Good() with { History = [.. History(), WakeText(), Answer()] });
        Fails("history exactly once", Good() with { History = [.. History().Where(e => e is not ChatEntry.Said { Origin: MessageOrigin.Rouse })] });
    }

    [Fact]
    public void A_result_that_the_wake_does_not_tell_is_seen() =>
        Fails("every child found", Good() with { History = [Question(), Answer(), WakeText() with { Text = DemoScript.Findings[0] }, Answer()] });

    [Fact]
    public void A_wake_that_passes_for_a_person_is_seen() =>
        Fails("pass for a person", Good() with { History = [Question(), Answer(), WakeText() with { Origin = MessageOrigin.Person }, Answer()] });

    [Fact]
    public void A_parent_that_did_not_answer_is_seen() => Fails("answered after it", Good() with { History = [Question(), Answer(), WakeText()] });

    private static void Fails(string what, DemoFacts facts) =>
        Assert.Contains(DemoChecks.Of(facts), c => !c.Holds && c.What.Contains(what, StringComparison.Ordinal));

    private static DemoFacts Good() =>
        new(new Crash(7, 137, 1, 2), [Task(2), Task(3), Task(5)], [Notice(6), Notice(7), Notice(9)], [Wake(8)], History());

    private static ChatEntry[] History() => [Question(), Answer(), WakeText(), Answer()];

    private static ChatEntry.Said Question() => new() { Origin = MessageOrigin.Person, Text = DemoScript.Question };

    private static ChatEntry.Said WakeText() => new() { Origin = MessageOrigin.Rouse, Text = string.Join('\n', DemoScript.Findings) };

    private static ChatEntry.Answered Answer() =>
        new() { Agent = "lead", EndsTurn = true, Messages = [new(Microsoft.Extensions.AI.ChatRole.Assistant, "I see.")] };

    private static TaskView Task(int number) => new(
        new TaskId(s_crew, number), AgentTaskStatus.Completed, s_crew, s_parent, null, "reviewer", null, DemoScript.Instance, null, WakePolicy.All, 0, null, null, 1, [],
        s_now, s_now, null, null);

    private static NoticeView Notice(int number) => new(
        new NoticeId(s_crew, number), NoticeKind.Settled, NoticeState.Consumed, new TaskId(s_crew, 2), 1, s_now, Owed: false, Wakes: true, null, Wake(8));

    private static WakeView Wake(int number) => new(
        new WakeId(s_crew, number), s_parent, WakePhase.Consumed, s_now, 1, 1, [new(s_crew, 6), new(s_crew, 7), new(s_crew, 9)], null, null,
        [.. ((string[])["due", "leased", "dispatched", "admitted", "consumed"]).Select(s => new ReceiptStep(s, s_now))]);
}
