using Microsoft.Extensions.AI;
using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>One attempt from its session's creation to its last answer, in two lives: the first ends at one of the writes.</summary>
internal static class CrashStory
{
    /// <summary>The session, the prompt, two answers with a call each, their results, the last answer.</summary>
    public const int Writes = 7;

    private const int AnswerThatWrites = 3;
    private const int ResultOfTheWrite = 4;

    private static CancellationToken None => CancellationToken.None;

    public static TheoryData<int, bool> EveryWrite()
    {
        var data = new TheoryData<int, bool>();
        for (var write = 1; write <= Writes; write++)
        {
            data.Add(write, true);
            data.Add(write, false);
        }

        return data;
    }

    /// <param name="open">Opens what is stored; called once for each life.</param>
    /// <param name="write">The write at which the first life ends, from 1.</param>
    /// <param name="before">Whether it ends before that write was made.</param>
    public static async Task TellAsync(Func<Task<ITranscripts>> open, int write, bool before)
    {
        var written = 0;
        var read = 0;
        var stored = await open();
        var crashing = new CrashingTranscripts(stored, write, before);
        await using (var rig = Rig(stored))
        {
            _ = EngineAsync(rig.Make(crashing));
            await crashing.Crashed.WaitAsync(TimeSpan.FromSeconds(30), None);
            await CloseAsync(stored);
        }

        stored = await open();
        await using (var rig = Rig(stored))
        {
            var harness = rig.Make();
            await harness.StartAsync(None);
            var session = await EngineAsync(harness);
            await ChatRig.UntilIdleAsync(harness, session);

            // Cut off between the answer that calls the tool and its result, the call may have had its effect: it is not made again.
            var cutOff = (write == AnswerThatWrites && !before) || (write == ResultOfTheWrite && before);
            Assert.Equal(
                [
                    "said", "answered -> write", cutOff ? "failed: [interrupted: it may or may not have taken effect]" : "returned: written",
                    "answered -> read", "returned: read", "answered: done",
                ],
                (await rig.LinesAsync(session)).Select(ChatTurnTests.Story));
            await CloseAsync(stored);
        }

        Assert.InRange(written, 0, 1);
        Assert.InRange(read, 1, 2);

        ChatRig Rig(ITranscripts transcripts) => new(transcripts)
        {
            Tools =
            [
                AIFunctionFactory.Create(() => { written++; return "written"; }, "write"),
                new RepeatableFunction(AIFunctionFactory.Create(() => { read++; return "read"; }, "read")),
            ],
        };
    }

    /// <summary>What the engine does for an attempt, at least once.</summary>
    private static async Task<Address> EngineAsync(ChatHarness harness)
    {
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        var prompt = ChatRig.Prompt("TOOL:write\nNEXT\nTOOL:read\nNEXT\nSAY:done");
        Assert.IsType<DeliverResult.Sent>(await harness.DeliverAsync(session, prompt, None));
        return session;
    }

    private static async ValueTask CloseAsync(ITranscripts transcripts)
    {
        if (transcripts is IAsyncDisposable journal)
        {
            await journal.DisposeAsync();
        }
    }
}
