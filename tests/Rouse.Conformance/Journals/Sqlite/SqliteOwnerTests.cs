using System.Text.Json;
using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

/// <summary>CRASH-11: a second process is told who owns the data directory, and an owner that is gone is succeeded.</summary>
public sealed class SqliteOwnerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string LockFile => _directory.File("rouse.lock");

    [Fact]
    public async Task A_second_process_is_refused_and_told_who_the_owner_is()
    {
        using var owner = JournalProcess.Start(_directory.Path, JournalProcess.Role.Hold);
        Assert.Equal("open", await owner.HearAsync(Cancelled));

        var error = await Assert.ThrowsAsync<JournalOpenException>(OpenAsync);

        Assert.Contains($"{owner.Id}", error.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.MachineName, error.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{owner.StartedAt.UtcDateTime:yyyy-MM-dd'T'HH:}", error.Message, StringComparison.Ordinal);
        await owner.EndAsync(Cancelled);
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_killed_owner_is_succeeded()
    {
        using var owner = JournalProcess.Start(_directory.Path, JournalProcess.Role.Hold);
        Assert.Equal("open", await owner.HearAsync(Cancelled));
        await owner.KillAsync(Cancelled);

        await using var journal = await OpenAsync();

        Assert.Equal(Environment.ProcessId, Signed().Pid);
    }

    [Fact]
    public async Task A_second_open_in_one_process_is_refused_until_the_first_is_closed()
    {
        var first = await OpenAsync();
        var error = await Assert.ThrowsAsync<JournalOpenException>(OpenAsync);
        Assert.Contains("this very process", error.Message, StringComparison.Ordinal);

        await first.DisposeAsync();
        await using var second = await OpenAsync();
        await first.DisposeAsync();

        await Assert.ThrowsAsync<JournalOpenException>(OpenAsync);
    }

    [Fact]
    public async Task Of_many_that_open_at_once_one_succeeds()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(TryOpenAsync, Cancelled)));

        await Assert.Single(opened, journal => journal is not null)!.DisposeAsync();

        async Task<SqliteJournal?> TryOpenAsync()
        {
            try
            {
                return await OpenAsync();
            }
            catch (JournalOpenException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Only_a_live_process_with_the_signed_start_time_keeps_others_out()
    {
        // It lives and holds another directory, so the record alone speaks for it here.
        using var elsewhere = new TemporaryDirectory();
        using var process = JournalProcess.Start(elsewhere.Path, JournalProcess.Role.Hold);
        Assert.Equal("open", await process.HearAsync(Cancelled));
        var record = new OwnerRecord(process.Id, process.StartedAt, Environment.MachineName, Guid.NewGuid());

        Sign(record);
        await Assert.ThrowsAsync<JournalOpenException>(OpenAsync);

        Sign(record with { StartedAt = record.StartedAt.AddMinutes(-10) });
        await (await OpenAsync()).DisposeAsync();

        await process.EndAsync(Cancelled);
        Sign(record);
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_record_of_another_host_alone_keeps_nobody_out()
    {
        Sign(new OwnerRecord(1, DateTimeOffset.UtcNow, "a-container-before-its-restart", Guid.NewGuid()));

        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_lock_file_that_says_nothing_sensible_is_taken_over()
    {
        await File.WriteAllTextAsync(LockFile, "{ what", Cancelled);

        await using var journal = await OpenAsync();

        Assert.Equal(Environment.MachineName, Signed().Host);
    }

    public void Dispose() => _directory.Dispose();

    private Task<SqliteJournal> OpenAsync() => SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = _directory.Path });

    private void Sign(OwnerRecord record) => File.WriteAllText(LockFile, JsonSerializer.Serialize(record, OwnerJson.Default.OwnerRecord));

    private OwnerRecord Signed() => JsonSerializer.Deserialize(File.ReadAllText(LockFile), OwnerJson.Default.OwnerRecord)!;
}
