using Rouse.Sqlite;

namespace Rouse.Conformance.Harnesses.Chat;

/// <summary>One chat harness on a journal of its own, for the tests of a class.</summary>
public sealed class ChatStore : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rouse-chat-");
    private SqliteJournal? _journal;
    private ChatWorld? _world;

    public HarnessWorld World => _world!;

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
}
