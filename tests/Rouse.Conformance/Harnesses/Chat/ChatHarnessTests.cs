using Rouse.Core;
using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>The promises of every harness, kept by the chat harness over SQLite.</summary>
public sealed class ChatHarnessTests : HarnessSuite, IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rouse-chat-");
    private SqliteJournal? _journal;
    private ChatWorld? _world;

    public async ValueTask InitializeAsync()
    {
        _journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = _directory.FullName });
        _world = new ChatWorld(_journal);
    }

    public async ValueTask DisposeAsync()
    {
        await _world!.Harness.DisposeAsync();
        await _journal!.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    /// <summary>It lives in this process and dies with it, so nobody sees it down; and the turn goes on where another harness's is dead.</summary>
    public override async Task A_kill_leaves_a_turn_without_an_end_in_an_idle_session_and_the_watch_comes_back()
    {
        var world = await WorldAsync();
        var session = await world.CreateAsync(world.NewSession(NewKey()));
        var gate = NewKey();
        var prompt = NewPrompt(world.Works(gate));
        await world.DeliverAsync(session, prompt);
        await world.WorksAsync(gate, Cancelled);

        await world.KillAsync();
        Assert.Equal(Activity.Working, (await world.SeeAsync(session)).Activity);
        await world.StartAgainAsync(Cancelled);
        world.Finish(gate);

        Assert.Equal(["done"], (await world.IdleAsync(session, prompt.Key)).Messages.Where(m => m.Origin == MessageOrigin.Agent).Select(m => m.Text));
        Assert.IsType<DeliverResult.Sent>(await world.Harness.DeliverAsync(session, prompt, Cancelled));
    }

    protected override Task<HarnessWorld> WorldAsync() => Task.FromResult<HarnessWorld>(_world!);
}
