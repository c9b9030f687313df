using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

public sealed class SqliteTranscriptTests : TranscriptSuite
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteJournal? _journal;

    protected override async ValueTask<ITranscripts> OpenAsync() =>
        _journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = _directory.Path });

    protected override async ValueTask RemoveAsync()
    {
        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        _directory.Dispose();
    }
}
