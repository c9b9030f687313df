using Rouse.Core;
using Rouse.Engine;
using Rouse.Harnesses.Chat;

namespace Rouse.Conformance.Harnesses.Chat;

public sealed class ChatWatchTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Every_watcher_hears_of_the_connection_at_once_and_then_of_what_happens()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        await using var one = harness.WatchAsync(None).GetAsyncEnumerator(None);
        await using var two = harness.WatchAsync(None).GetAsyncEnumerator(None);
        Assert.IsType<HarnessSignal.Connected>(await NextAsync(one));
        Assert.IsType<HarnessSignal.Connected>(await NextAsync(two));

        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession());
        await harness.DeliverAsync(session, ChatRig.Prompt("SAY:a"), None);
        await ChatRig.UntilIdleAsync(harness, session);
        await harness.DeleteSessionAsync(session.Id, None);

        foreach (var watch in (IAsyncEnumerator<HarnessSignal>[])[one, two])
        {
            var heard = new List<HarnessSignal>();
            while (heard is not [.., HarnessSignal.Deleted])
            {
                heard.Add(await NextAsync(watch));
            }

            Assert.IsType<HarnessSignal.Changed>(heard[0]);
            Assert.Contains(new HarnessSignal.Progress(session.Id), heard);
            Assert.Contains(new HarnessSignal.Changed(session.Id), heard.SkipWhile(s => s is not HarnessSignal.Progress));
        }
    }

    [Fact]
    public async Task The_last_change_of_a_turn_is_told_when_the_session_is_seen_idle()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await ChatRig.CreateAsync(harness, ChatRig.NewSession(agent: "held"));
        await using var watch = harness.WatchAsync(None).GetAsyncEnumerator(None);
        await NextAsync(watch);
        await harness.DeliverAsync(session, ChatRig.Prompt("go"), None);
        (await rig.Held.NextAsync()).Say("done");

        while ((await ChatRig.InspectAsync(harness, session)).Activity is Activity.Working)
        {
            await NextAsync(watch);
        }
    }

    [Fact]
    public async Task A_watch_ends_with_the_harness()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        await using var watch = harness.WatchAsync(None).GetAsyncEnumerator(None);
        await NextAsync(watch);

        await harness.DisposeAsync();

        Assert.IsType<HarnessSignal.Disconnected>(await NextAsync(watch));
        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task A_conversation_is_followed_from_any_line_without_gap_until_it_is_deleted()
    {
        await using var rig = new ChatRig();
        var harness = rig.Make();
        var session = await harness.OpenSessionAsync("root", null, null, None);
        await harness.SendAsync(session.Id, "one", null, None);
        await ChatRig.UntilIdleAsync(harness, session);
        var told = new List<string>();
        var following = FollowAsync();

        await harness.SendAsync(session.Id, "two", null, None);
        await ChatRig.UntilIdleAsync(harness, session);
        await harness.DeleteSessionAsync(session.Id, None);
        await following.WaitAsync(TimeSpan.FromSeconds(30), None);

        Assert.Equal("2 answered: ECHO: one", told[0]);
        Assert.Equal(told.Select((_, i) => i + 2), told.Select(t => int.Parse(t.Split(' ')[0])));

        async Task FollowAsync()
        {
            await foreach (var line in harness.FollowAsync(session.Id, after: 1, None))
            {
                told.Add($"{line.Number} {ChatTurnTests.Story(line)}");
            }
        }
    }

    private static async Task<HarnessSignal> NextAsync(IAsyncEnumerator<HarnessSignal> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        return watch.Current;
    }
}
