using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

/// <summary>What can be wrong with the file or its directory is said in words, and nothing of it is harmed.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string DatabaseFile => _directory.File("rouse.db");

    [Fact]
    public async Task The_directory_and_its_files_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes");
        var directory = _directory.File("made/by/rouse");
        await using var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = directory });
        await journal.CommitAsync(Sample.Commit(Sample.NewCrew(), 0), Cancelled);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(directory));
        Assert.All(Directory.GetFiles(directory), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(file)));
        Assert.Contains(Path.Combine(directory, "rouse.db-wal"), Directory.GetFiles(directory));

        static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
    }

    [Fact]
    public async Task A_closed_journal_is_one_file_beside_its_lock()
    {
        await (await OpenAsync()).DisposeAsync();

        Assert.Equal(["rouse.db", "rouse.lock"], Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_stays_as_it_is()
    {
        var garbage = string.Concat(Enumerable.Repeat("this is not a database. ", 400));
        await File.WriteAllTextAsync(DatabaseFile, garbage, Cancelled);

        var error = await RefusedAsync();

        Assert.Contains("not an SQLite database", error.Message, StringComparison.Ordinal);
        Assert.Contains(DatabaseFile, error.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllTextAsync(DatabaseFile, Cancelled));
    }

    [Fact]
    public async Task A_journal_with_a_damaged_header_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        await using (var file = File.OpenWrite(DatabaseFile))
        {
            await file.WriteAsync(new byte[100], Cancelled);
        }

        Assert.Contains("header is damaged", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_page_makes_the_journal_unavailable_and_says_what_to_do()
    {
        var crew = Sample.NewCrew();
        await using (var journal = await OpenAsync())
        {
            await journal.CommitAsync(Sample.Commit(crew, 0, events: 500), Cancelled);
        }

        await DamageAsync("events");
        await DamageAsync("crews");

        await using var damaged = await OpenAsync();
        var reading = await Assert.ThrowsAsync<JournalUnavailableException>(async () => await damaged.LoadAsync(crew, Cancelled));
        var writing = await Assert.ThrowsAsync<JournalUnavailableException>(async () => await damaged.CommitAsync(Sample.Commit(crew, 500), Cancelled));

        Assert.All([reading.Message, writing.Message], message => Assert.Contains("restore a backup", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_with_both_versions()
    {
        await (await OpenAsync()).DisposeAsync();
        Alter("PRAGMA user_version = 99");

        var error = await RefusedAsync();

        Assert.Contains("schema 99", error.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {Migrations.Steps.Count}", error.Message, StringComparison.Ordinal);
        Assert.Contains("newer Rouse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        Alter("CREATE TABLE bookmarks(url TEXT)");

        Assert.Contains("another program", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_place_of_the_directory_is_refused()
    {
        var file = _directory.File("file");
        await File.WriteAllTextAsync(file, "", Cancelled);

        var error = await Assert.ThrowsAsync<JournalOpenException>(() => SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = file }));
        var below = await Assert.ThrowsAsync<JournalOpenException>(
            () => SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = Path.Combine(file, "below") }));

        Assert.All([error.Message, below.Message], message => Assert.Contains($"'{file}", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_refused()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            Assert.Skip("modes do not bind this user");
            return;
        }

        var directory = Directory.CreateDirectory(_directory.File("read-only"), UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;

        var error = await Assert.ThrowsAsync<JournalOpenException>(() => SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = directory }));

        Assert.Contains(directory, error.Message, StringComparison.Ordinal);
        Assert.Contains("mode", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 512)]
    [InlineData("  ", 512)]
    [InlineData("x", 0)]
    public async Task A_bad_option_is_named(string directory, int largestBatch)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = directory, LargestBatch = largestBatch }));

        Assert.Contains("SqliteJournalOptions.", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private Task<SqliteJournal> OpenAsync() => SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = _directory.Path });

    private Task<JournalOpenException> RefusedAsync() => Assert.ThrowsAsync<JournalOpenException>(OpenAsync);

    private async Task DamageAsync(string table)
    {
        using var connection = Connection.OpenWriter(DatabaseFile);
        var page = connection.Number($"SELECT rootpage FROM sqlite_master WHERE name = '{table}'");
        var size = (int)connection.Number("PRAGMA page_size");
        await using var file = File.OpenWrite(DatabaseFile);
        file.Position = (page - 1) * size;
        await file.WriteAsync(Enumerable.Repeat((byte)0xa5, size).ToArray(), Cancelled);
    }

    private void Alter(string sql)
    {
        using var connection = Connection.OpenWriter(DatabaseFile);
        connection.Execute(sql);
    }
}
