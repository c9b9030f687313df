using Rouse.Core;
using Rouse.Engine;

namespace Rouse.Simulation;

/// <summary>What was measured of OpenCode, shown by its model. The sections are those of the measurements.</summary>
public sealed class OpenCodeModelTests
{
    private static readonly TaskError Overloaded = new(FailureClass.Passing, "overloaded", "too many");

    [Fact] // 6 (b): stored at once and merged; one answer, whose parent is the newest.
    public void A_prompt_to_a_working_session_joins_the_running_turn_at_its_next_step() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Play = async turn =>
        {
            await turn.ToolAsync(10);
            await turn.WorkAsync(10);
            turn.Say("for both");
        };
        bench.Harness.PersonSays(s, "one");
        await bench.WaitAsync(5);
        bench.Harness.PersonSays(s, "two");
        Assert.Equal(2, s.Messages.Count(m => m.Origin == MessageOrigin.Person));
        await bench.IdleAsync(s);
        var answer = Assert.Single(s.Answers, a => a.Text.Length > 0);
        Assert.Equal("two", answer.Answers!.Text);
        Assert.Equal(1, bench.Turns);
    });

    [Fact] // 6 (b): 0 of 210 prompts that raced the end of a turn were lost, and there is one busy time for all.
    public void A_prompt_that_comes_in_the_last_step_is_answered_before_the_session_is_idle() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.PersonSays(s, "work 10");
        await bench.WaitAsync(9);
        bench.Harness.PersonSays(s, "work 10");
        await bench.WaitAsync(2);
        Assert.True(s.Working);
        await bench.IdleAsync(s);
        Assert.Equal(2, s.Answers.Count(a => a.Text.Length > 0));
    });

    [Fact] // 6 (b)
    public void An_abort_leaves_queued_prompts_unanswered_and_they_join_the_next_one() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.PersonSays(s, "work 10");
        await bench.WaitAsync(3);
        bench.Harness.PersonSays(s, "queued");
        bench.Harness.Stop(s);
        await bench.WaitAsync(20);
        Assert.False(s.Working);
        bench.Harness.PersonSays(s, "next");
        await bench.WaitAsync(1);
        Assert.Empty(s.Waiting);
    });

    [Fact] // 6 (b): the look of the adapter before it sends.
    public void A_session_that_is_seen_at_work_is_not_prompted() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.PersonSays(s, "work 10");
        await bench.WaitAsync(3);
        Assert.IsType<DeliverResult.Busy>(await bench.DeliverAsync(s, "k1"));
        Assert.Equal(0, s.Entries("k1"));
    });

    [Fact] // 6 (b), and the window that the adapter's look leaves.
    public void A_turn_that_begins_between_the_look_and_the_storing_answers_the_prompt_too() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", new HarnessFault.Slow(TimeSpan.FromSeconds(4)) { Request = 2 });
        var deliver = bench.DeliverAsync(s, "k1");
        await bench.WaitAsync(1);
        bench.Harness.PersonSays(s, "work 30");
        Assert.IsType<DeliverResult.Sent>(await deliver);
        Assert.True(s.Working);
        await bench.IdleAsync(s);
        Assert.Equal((1, 1), (s.Entries("k1"), bench.Harness.Runs["k1"]));
        Assert.True(Assert.IsType<FindResult.Found>(await bench.FindAsync(s, "k1")).Begun);
    });

    [Theory] // 6 (a): the table of what a second send of one id does; the adapter's look sends only where it says so.
    [InlineData("running", 1)]
    [InlineData("answered", 1)]
    [InlineData("overtaken", 2)]
    [InlineData("aborted", 2)]
    [InlineData("died", 2)]
    public void What_the_network_sends_twice_is_one_message_and_runs_again_as_measured(string state, int runs) => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", new HarnessFault.Duplicated(TimeSpan.FromSeconds(60)) { Request = 3 });
        await bench.DeliverAsync(s, "k1", state == "running" ? "work 100" : "work 10");
        await bench.WaitAsync(5);
        if (state == "aborted")
        {
            bench.Harness.Stop(s);
        }

        await bench.WaitAsync(10);
        if (state == "overtaken")
        {
            bench.Harness.PersonSays(s, "work 10");
        }

        if (state == "died")
        {
            // The doubled request must outlive the process here: it is the network that sends it.
            s.Messages.NewestAnswer!.Ended = false;
        }

        await bench.WaitAsync(300);
        Assert.Equal((1, runs), (s.Entries("k1"), bench.Harness.Runs["k1"]));
    });

    [Theory] // 6 (a): look first; stored and never run: run; else left alone.
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_delivery_runs_what_was_stored_and_never_run_and_leaves_the_rest_alone(bool ran) => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        if (!ran)
        {
            bench.Harness.Faults.Once("deliver", new HarnessFault.Lost { Request = 3 });
        }

        var first = await bench.DeliverAsync(s, "k1");
        Assert.Equal(ran, first is DeliverResult.Sent);
        await bench.WaitAsync(30);
        Assert.IsType<DeliverResult.Sent>(await bench.DeliverAsync(s, "k1"));
        await bench.WaitAsync(30);
        Assert.Equal((1, 1), (s.Entries("k1"), bench.Harness.Runs["k1"]));
    });

    [Fact] // 6 (d): 204 is not durable when cold; what the adapter stored first survives.
    public void A_process_that_dies_right_after_the_acknowledgement_has_lost_the_run_and_not_the_prompt() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        Assert.IsType<DeliverResult.Sent>(await bench.DeliverAsync(s, "k1"));
        bench.Harness.Die();
        bench.Harness.Come();
        await bench.WaitAsync(30);
        Assert.False(Assert.IsType<FindResult.Found>(await bench.FindAsync(s, "k1")).Begun);
        Assert.False(s.Working);
    });

    [Fact] // 6 (d): a cold server says idle for seconds after a 204; a prompt that was stored before by another process is stored once more first.
    public void An_abort_right_after_a_stored_prompt_was_run_by_a_new_process_stops_it() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Faults.Once("deliver", new HarnessFault.Lost { Request = 3 });
        await bench.DeliverAsync(s, "k1");
        bench.Harness.Die();
        bench.Harness.Come();
        await bench.DeliverAsync(s, "k1");
        Assert.IsType<AbortResult.Ended>(await bench.Harness.AbortAsync(s.Address, CancellationToken.None));
        await bench.WaitAsync(30);
        Assert.Equal(FailureClass.Aborted, Assert.Single(s.Answers).Error?.Class);
    });

    [Fact] // 6 (d)
    public void A_process_that_dies_leaves_its_answer_open_and_empty_and_is_idle_when_it_is_back() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        var finished = false;
        bench.Harness.Play = async turn =>
        {
            turn.Say("streamed");
            await turn.ToolAsync(20, () =>
            {
                finished = true;
                return Task.CompletedTask;
            });
        };
        bench.Harness.PersonSays(s, "go");
        await bench.WaitAsync(5);
        bench.Harness.Die();
        bench.Harness.Come();
        var seen = await bench.InspectAsync(s);
        Assert.Equal(Activity.Idle, seen.Activity);
        Assert.Equal((false, true, ""), (seen.Messages[^1].Ended, seen.Messages[^1].ToolOpen, seen.Messages[^1].Text));
        await bench.WaitAsync(60);
        Assert.True(finished, "the tool's own process lives on and finishes its work");
        Assert.True(s.Messages[^1].ToolOpen);
    });

    [Fact] // 6 (f)
    public void A_failing_model_call_is_tried_again_for_62_to_78_seconds_and_the_session_works_all_the_while() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Play = turn => turn.RetryAsync(Overloaded);
        bench.Harness.PersonSays(s, "go");
        await bench.WaitAsync(30);
        var seen = await bench.InspectAsync(s);
        Assert.Equal(Activity.Working, seen.Activity);
        Assert.StartsWith("try 4: too many", seen.Retrying, StringComparison.Ordinal);
        var since = s.Messages[0].At;
        await bench.IdleAsync(s);
        Assert.InRange((bench.Now - since).TotalSeconds, 62, 79);
        Assert.Equal(Overloaded, s.Messages[^1].Error);
        Assert.DoesNotContain(bench.Signals, x => x is HarnessSignal.Progress && bench.Now - since > TimeSpan.FromSeconds(1) && bench.Signals.IndexOf(x) > 3);
    });

    [Fact] // 6 (f)
    public void An_abort_ends_a_retry_at_once_and_without_an_error_on_the_stream() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.Play = turn => turn.RetryAsync(Overloaded);
        bench.Harness.PersonSays(s, "go");
        await bench.WaitAsync(5);
        Assert.IsType<AbortResult.Ended>(await bench.Harness.AbortAsync(s.Address, CancellationToken.None));
        Assert.False(s.Working);
        Assert.Equal(FailureClass.Aborted, (await bench.InspectAsync(s)).Messages[^1].Error!.Class);
        await bench.WaitAsync(5);
        Assert.DoesNotContain(bench.Signals, x => x is HarnessSignal.Failed);
    });

    [Fact] // 5: idle twice on an abort, and not in order.
    public void Hints_of_an_abort_come_more_than_once_and_late() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.PersonSays(s, "work 60");
        await bench.WaitAsync(5);
        bench.Signals.Clear();
        bench.Harness.Stop(s);
        await bench.WaitAsync(0.001);
        var soon = bench.Signals.Count(x => x is HarnessSignal.Changed);
        await bench.WaitAsync(2);
        Assert.True(soon >= 2);
        Assert.True(bench.Signals.Count(x => x is HarnessSignal.Changed) > soon);
    });

    [Fact] // 6 (f): an unknown agent is an error before any prompt is stored.
    public void An_unknown_agent_is_refused_at_creation_and_before_anything_is_stored() => Play(async bench =>
    {
        bench.Model.Unknown.Add("nope");
        Assert.IsType<CreateResult.Refused>(await bench.CreateAsync("k", "nope"));
        var s = bench.Harness.Open("s");
        var refused = Assert.IsType<DeliverResult.Refused>(await bench.DeliverAsync(s, "k1", agent: "nope"));
        Assert.Equal("unknown-agent", refused.Error.Reason);
        Assert.Empty(s.Messages);
        await bench.WaitAsync(1);
        Assert.Equal(2, bench.Signals.Count(x => x is HarnessSignal.Failed));
    });

    [Fact] // 6 (f): the message is stored, and no turn begins.
    public void An_unknown_model_is_told_on_the_stream_only() => Play(async bench =>
    {
        bench.Model.Unknown.Add("fake/nope");
        var s = bench.Harness.Open("s");
        Assert.IsType<DeliverResult.Sent>(await bench.DeliverAsync(s, "k1", model: "fake/nope"));
        await bench.WaitAsync(5);
        Assert.Equal(1, s.Entries("k1"));
        Assert.Empty(s.Answers);
        Assert.Contains(bench.Signals, x => x is HarnessSignal.Failed { Error.Reason: "unknown-model" });
    });

    [Fact] // 4: the server makes a session at every call; the adapter finds the one with its key.
    public void One_key_is_one_session_also_for_the_next_node() => Play(async bench =>
    {
        var first = Assert.IsType<CreateResult.Created>(await bench.CreateAsync("k"));
        bench.Harness.ForgetCaller();
        Assert.Equal(first, await bench.CreateAsync("k"));
        Assert.Single(bench.Harness.Children);
    });

    [Fact] // 4: what remains possible.
    public void A_creation_that_the_network_doubles_leaves_an_empty_session_that_is_never_found() => Play(async bench =>
    {
        bench.Harness.Faults.Once("create", new HarnessFault.Duplicated(TimeSpan.FromSeconds(1)) { Request = 2 });
        var first = await bench.CreateAsync("k");
        await bench.WaitAsync(5);
        bench.Harness.ForgetCaller();
        Assert.Equal(2, bench.Harness.Children.Count());
        Assert.Equal(first, await bench.CreateAsync("k"));
    });

    [Fact] // 4: DELETE does not stop a running turn, and takes the sessions below with it.
    public void A_deleted_session_works_on_until_it_is_aborted_and_those_below_are_gone_too() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        bench.Harness.OpenBelow(s);
        bench.Harness.PersonSays(s, "work 60");
        await bench.WaitAsync(3);
        bench.Harness.Delete(s);
        await bench.WaitAsync(1);
        Assert.True(s.Working);
        Assert.Empty(bench.Harness.Sessions);
        Assert.Equal(2, bench.Signals.Count(x => x is HarnessSignal.Deleted));
        Assert.IsType<InspectResult.Missing>(await bench.Harness.InspectAsync(s.Address, CancellationToken.None));
        Assert.Equal("gone", Assert.IsType<AbortResult.Ended>(await bench.Harness.AbortAsync(s.Address, CancellationToken.None)).Evidence);
        Assert.False(s.Working);
    });

    [Fact] // 9: the task tool opens a session below the caller's.
    public void An_agent_hands_work_to_a_session_below_and_goes_on_when_that_is_idle() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        var play = bench.Harness.Play;
        SimSession? below = null;
        bench.Harness.Play = async turn =>
        {
            if (turn.Prompt.Text == "hand it down")
            {
                below = await turn.HandDownAsync("work 20");
            }

            await play(turn);
        };
        bench.Harness.PersonSays(s, "hand it down");
        await bench.WaitAsync(10);
        var tool = (await bench.InspectAsync(s)).Messages[^1];
        Assert.True(tool is { ToolOpen: true, CallsTools: true });
        await bench.IdleAsync(s);
        Assert.Equal(s.Address, below!.Parent);
        Assert.Single(below.Answers);
    });

    [Fact] // The history reader of the adapter: the newest page, and further back to the newest message of Rouse's.
    public void A_look_shows_the_newest_page_or_what_reaches_back_to_the_newest_key() => Play(async bench =>
    {
        var s = bench.Harness.Open("s");
        for (var i = 0; i < 300; i++)
        {
            s.Messages.Add(new SimMessage { Id = $"x{i}", Origin = MessageOrigin.Agent, At = bench.Now, Key = i == 100 ? "k1" : null });
        }

        Assert.Equal(250, (await bench.InspectAsync(s)).Messages.Length);
        s.Messages.Add(new SimMessage { Id = "y", Origin = MessageOrigin.Rouse, At = bench.Now, Key = "k2" });
        Assert.Equal(50, (await bench.InspectAsync(s)).Messages.Length);
    });

    private static void Play(Func<HarnessBench<OpenCodeModel>, Task> story) => HarnessBench<OpenCodeModel>.Play(new OpenCodeModel(), story);
}
