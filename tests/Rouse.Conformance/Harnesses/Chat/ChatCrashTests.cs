using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;
using Rouse.Sqlite;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>A crash drops the harness where it stands, without disposing it; the next one starts over the same transcripts.</summary>
public sealed class ChatCrashTests
{
    private static CancellationToken None => CancellationToken.None;

    /// <summary>CRASH-1 for this harness.</summary>
    [Theory]
    [MemberData(nameof(CrashStory.EveryWrite), MemberType = typeof(CrashStory))]
    public async Task A_crash_at_any_write_leaves_one_history_without_repetition(int write, bool before)
    {
        var transcripts = new MemoryTranscripts();

        await CrashStory.TellAsync(() => Task.FromResult<ITranscripts>(transcripts), write, before);

        Assert.Equal(CrashStory.Writes, transcripts.Writes);
    }

    /// <summary>CRASH-1 for this harness.</summary>
    [Theory]
    [MemberData(nameof(CrashStory.EveryWrite), MemberType = typeof(CrashStory))]
    public async Task A_crash_at_any_write_leaves_one_history_without_repetition_on_disk(int write, bool before)
    {
        var directory = Directory.CreateTempSubdirectory("rouse-chat-");
        try
        {
            var options = new SqliteJournalOptions { Directory = directory.FullName };
            await CrashStory.TellAsync(async () => await SqliteJournal.OpenAsync(options), write, before);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_crash_in_a_model_call_asks_the_model_again()
    {
        await using var rig = new ChatRig();
        var first = rig.Make();
        var session = await ChatRig.CreateAsync(first, ChatRig.NewSession(agent: "held"));
        await first.DeliverAsync(session, ChatRig.Prompt("go"), None);
        var lost = await rig.Held.NextAsync();

        var second = rig.Make();
        Assert.Equal(Activity.Working, (await ChatRig.InspectAsync(second, session)).Activity);
        Assert.IsType<DeliverResult.Busy>(await second.DeliverAsync(session, ChatRig.Prompt("other", "p2"), None));
        Assert.False(Assert.IsType<FindResult.Found>(await second.FindDeliveryAsync(session, "p1", None)).Begun);
        await second.StartAsync(None);
        var again = await rig.Held.NextAsync();

        Assert.Equal(lost.Messages.Select(m => m.Text), again.Messages.Select(m => m.Text));
        again.Say("done");
        Assert.Equal("done", (await ChatRig.UntilIdleAsync(second, session)).Messages[^1].Text);

        // What had been taken for dead comes to: its answer finds the place taken.
        lost.Say("late");
        await ChatRig.UntilIdleAsync(first, session);
        Assert.Equal(["said", "answered: done"], (await rig.LinesAsync(session)).Select(ChatTurnTests.Story));
    }

    [Fact]
    public async Task A_prompt_that_was_stored_and_never_begun_is_begun_by_its_delivery()
    {
        await using var rig = new ChatRig();
        var crashing = new CrashingTranscripts(rig.Transcripts, atWrite: 2, before: false);
        var first = rig.Make(crashing);
        var session = await ChatRig.CreateAsync(first, ChatRig.NewSession());
        var lost = first.DeliverAsync(session, ChatRig.Prompt("SAY:hello"), None);
        await crashing.Crashed;

        var second = rig.Make();
        Assert.IsType<DeliverResult.Sent>(await second.DeliverAsync(session, ChatRig.Prompt("SAY:hello"), None));
        await second.StartAsync(None);

        Assert.Equal(["SAY:hello", "hello"], (await ChatRig.UntilIdleAsync(second, session)).Messages.Select(m => m.Text));
        Assert.False(lost.IsCompleted);
    }

    [Theory]
    [InlineData(true, "returned: second")]
    [InlineData(false, "failed: [interrupted: it may or may not have taken effect]")]
    public async Task A_crash_in_a_tool_runs_it_again_only_when_it_may_be_repeated(bool repeatable, string result)
    {
        var runs = 0;
        var keys = new List<string>();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<string>();
        var tool = AIFunctionFactory.Create(
            (AIFunctionArguments arguments) =>
            {
                keys.Add(ChatToolCall.Of(arguments)!.Key);
                inside.TrySetResult();
                return ++runs == 1 ? never.Task : Task.FromResult("second");
            },
            "act");
        await using var rig = new ChatRig { Tools = [repeatable ? new RepeatableFunction(tool) : tool] };
        var first = rig.Make();
        var session = await ChatRig.CreateAsync(first, ChatRig.NewSession());
        await first.DeliverAsync(session, ChatRig.Prompt("TOOL:act\nNEXT\nSAY:done"), None);
        await inside.Task;

        var second = rig.Make();
        await second.StartAsync(None);
        await ChatRig.UntilIdleAsync(second, session);

        Assert.Equal(["said", "answered -> act", result, "answered: done"], (await rig.LinesAsync(session)).Select(ChatTurnTests.Story));
        Assert.Equal(repeatable ? 2 : 1, runs);
        Assert.Single(keys.Distinct(StringComparer.Ordinal));
        never.SetResult("late");
        await ChatRig.UntilIdleAsync(first, session);
    }

    [Fact]
    public async Task An_abort_before_the_start_ends_a_turn_that_a_crash_left_open_and_nothing_brings_it_back()
    {
        await using var rig = new ChatRig();
        var first = rig.Make();
        var session = await ChatRig.CreateAsync(first, ChatRig.NewSession(agent: "held"));
        await first.DeliverAsync(session, ChatRig.Prompt("go"), None);
        await rig.Held.NextAsync();

        var second = rig.Make();
        Assert.IsType<AbortResult.Ended>(await second.AbortAsync(session, None));
        await second.StartAsync(None);

        var seen = await ChatRig.InspectAsync(second, session);
        Assert.Equal((Activity.Idle, FailureClass.Aborted), (seen.Activity, seen.Messages[^1].Error?.Class));
        Assert.Equal(1, rig.Held.Count);
    }

    [Fact]
    public async Task A_stop_leaves_the_turn_open_for_the_next_start()
    {
        await using var rig = new ChatRig();
        var first = rig.Make();
        var session = await ChatRig.CreateAsync(first, ChatRig.NewSession(agent: "held"));
        await first.DeliverAsync(session, ChatRig.Prompt("go"), None);
        await rig.Held.NextAsync();

        await first.DisposeAsync();

        Assert.IsType<DeliverResult.NotSent>(await first.DeliverAsync(session, ChatRig.Prompt("more", "p2"), None));
        var second = rig.Make();
        Assert.Equal(Activity.Working, (await ChatRig.InspectAsync(second, session)).Activity);
        await second.StartAsync(None);
        (await rig.Held.NextAsync()).Say("done");
        Assert.Equal(["go", "done"], (await ChatRig.UntilIdleAsync(second, session)).Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task An_agent_that_was_taken_out_of_the_configuration_ends_its_open_turn_with_an_error()
    {
        await using var rig = new ChatRig();
        var first = rig.Make();
        var session = await ChatRig.CreateAsync(first, ChatRig.NewSession(agent: "held"));
        await first.DeliverAsync(session, ChatRig.Prompt("go"), None);
        await rig.Held.NextAsync();

        rig.Change = o => o with { Agents = o.Agents.Remove("held") };
        var second = rig.Make();
        await second.StartAsync(None);

        Assert.Equal("unknown-agent", (await ChatRig.UntilIdleAsync(second, session)).Messages[^1].Error?.Reason);
    }
}
