using Rouse.Engine;
using Rouse.Sqlite;

namespace Rouse.Cli.Doctor;

/// <summary>Whether the operating system's SQLite is there and good enough: by opening a journal in a directory of its own.</summary>
internal static class SqliteCheck
{
    private const string What = "SQLite";

    public static async Task<Finding> LookAsync()
    {
        var scratch = Directory.CreateTempSubdirectory("rouse-doctor-");
        try
        {
            await using var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Directory = scratch.FullName });
            await journal.PositionsAsync(CancellationToken.None);
            return new Finding(What, Health.Well, "the library was found and a journal can be made");
        }
        catch (Exception e) when (e is DllNotFoundException or JournalOpenException or JournalUnavailableException)
        {
            return new Finding(What, Health.Bad, e.Message, "install SQLite (Debian and Ubuntu: apt-get install libsqlite3-0), or set ROUSE_SQLITE_LIBRARY to its path");
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
