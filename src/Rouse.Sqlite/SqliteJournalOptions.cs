namespace Rouse.Sqlite;

/// <summary>Where the journal lives and how it writes.</summary>
public sealed record SqliteJournalOptions
{
    /// <summary>Holds <c>rouse.db</c>, SQLite's two files beside it, and <c>rouse.lock</c>. Created with mode 0700 when it does not exist.</summary>
    public required string Directory { get; init; }

    /// <summary>How many commits share one transaction at most. More of them raise the throughput and the time that each waits. 512 by default.</summary>
    public int LargestBatch { get; init; } = 512;

    /// <summary>
    /// How many bytes <c>rouse.db</c> may hold; beyond that commits fail as if the disk were full, until something is deleted. Not limited
    /// by default. SQLite's log beside it is not counted.
    /// </summary>
    public long? SizeLimit { get; init; }

    /// <exception cref="ArgumentException">An option has a bad value; the message names it.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Directory), nameof(Directory), "must name a directory");
        Require(LargestBatch >= 1, nameof(LargestBatch), "must be at least 1");
        Require(SizeLimit is null or >= 1, nameof(SizeLimit), "must be at least 1 byte");
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(SqliteJournalOptions)}.{option} {rule}.", option);
        }
    }
}
